#include "source/interner.h"

#include <cstring>

#include "perfect_hash.h"

namespace almanac::source {
namespace {

constexpr std::size_t kLongestShared = 64;
constexpr std::size_t kFirstSlots = 256;

bool same(std::span<const char> a, std::span<const char> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size()) == 0;
}

bool same(std::string_view a, std::string_view b) {
  // Interned texts are mostly the same memory.
  return a.size() == b.size() && (a.data() == b.data() || a == b);
}

bool same(std::span<const std::string_view> a, std::span<const std::string_view> b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!same(a[i], b[i])) return false;
  }
  return true;
}

bool same(std::span<const model::Attribute> a, std::span<const model::Attribute> b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!same(a[i].key, b[i].key) || !same(a[i].value, b[i].value)) return false;
  }
  return true;
}

std::uint64_t join(std::uint64_t hash, std::uint64_t next) { return (hash ^ next) * 0x9e3779b97f4a7c15U; }

}  // namespace

template <typename Item>
std::span<Item> Interner::find_or_store(Table<Item>& table, std::span<const Item> items, std::uint64_t hash) {
  using Slot = typename Table<Item>::Slot;
  // The first slot of the chain of `wanted` that is free or matches.
  const auto probe = [&table](std::uint64_t wanted, auto matches) -> Slot& {
    const std::size_t mask = table.slots.size() - 1;
    std::size_t at = static_cast<std::size_t>(wanted ^ (wanted >> 32U)) & mask;
    while (!table.slots[at].items.empty() && !matches(table.slots[at])) at = (at + 1) & mask;
    return table.slots[at];
  };
  if (table.used * 4 >= table.slots.size() * 3) {
    std::vector<Slot> old(table.slots.empty() ? kFirstSlots : table.slots.size() * 2);
    old.swap(table.slots);
    for (const Slot& slot : old) {
      if (!slot.items.empty()) probe(slot.hash, [](const Slot&) { return false; }) = slot;
    }
  }
  Slot& slot = probe(hash, [&](const Slot& other) { return other.hash == hash && same(std::span<const Item>(other.items), items); });
  if (slot.items.empty()) {
    slot = {arena_.copy(items), hash};
    ++table.used;
  }
  return slot.items;
}

Interner::Hashed Interner::hashed(std::string_view text) {
  const std::uint64_t hash = internal::hash_name(text, 0);
  if (text.empty()) return {{}, hash};
  if (text.size() > kLongestShared) return {arena_.copy(text), hash};
  const auto stored = find_or_store(texts_, std::span<const char>(text), hash);
  return {{stored.data(), stored.size()}, hash};
}

std::string_view Interner::text(std::string_view text) { return hashed(text).text; }

std::span<std::string_view> Interner::tags(std::span<const std::string_view> tags) {
  if (tags.empty()) return {};
  tag_set_.clear();
  std::uint64_t hash = tags.size();
  for (const std::string_view tag : tags) {
    const Hashed stored = hashed(tag);
    tag_set_.push_back(stored.text);
    hash = join(hash, stored.hash);
  }
  return find_or_store(tag_sets_, std::span<const std::string_view>(tag_set_), hash);
}

std::span<model::Attribute> Interner::attributes(std::span<const model::Attribute> attributes) {
  if (attributes.empty()) return {};
  attribute_set_.clear();
  std::uint64_t hash = attributes.size();
  for (const model::Attribute& attribute : attributes) {
    const Hashed key = hashed(attribute.key);
    const Hashed value = hashed(attribute.value);
    attribute_set_.push_back({key.text, value.text});
    hash = join(join(hash, key.hash), value.hash);
  }
  return find_or_store(attribute_sets_, std::span<const model::Attribute>(attribute_set_), hash);
}

}  // namespace almanac::source
