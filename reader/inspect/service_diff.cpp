#include "service_diff.h"

#include <algorithm>
#include <ranges>
#include <utility>

namespace almanac::inspect {
namespace {

using Fields = std::vector<FieldChange>;

// Ranges of one pass that end where an iterator says so; std::ranges::equal would want their sizes first.
template <typename Range, typename Same>
bool equal(const Range& before, const Range& after, Same&& same_item) noexcept {
  auto a = before.begin();
  auto b = after.begin();
  for (; a != before.end() && b != after.end(); ++a, ++b) {
    if (!same_item(*a, *b)) return false;
  }
  return a == before.end() && b == after.end();
}

bool same(const Tags& before, const Tags& after) noexcept {
  return equal(before, after, [](std::string_view a, std::string_view b) { return a == b; });
}

bool same(const Attributes& before, const Attributes& after) noexcept {
  return equal(before, after, [](const Attribute& a, const Attribute& b) { return a.key == b.key && a.value == b.value; });
}

bool same(const Endpoint& before, const Endpoint& after) noexcept {
  return before.uri() == after.uri() && before.version() == after.version() && before.weight() == after.weight() &&
         before.zone() == after.zone() && same(before.tags(), after.tags()) && same(before.attributes(), after.attributes());
}

bool same(const Endpoints& before, const Endpoints& after) noexcept {
  return equal(before, after, [](const Endpoint& a, const Endpoint& b) { return same(a, b); });
}

FieldValue value_of(const std::optional<std::string_view>& text) { return text ? FieldValue::of(*text) : FieldValue(); }

void compare_field(std::string_view field, std::string_view key, const FieldValue& before, const FieldValue& after, Fields& fields) {
  if (before == after) return;
  const bool added = before.kind == FieldValue::Kind::kNothing;
  const bool removed = after.kind == FieldValue::Kind::kNothing;
  fields.push_back({added ? Change::kAdded : removed ? Change::kRemoved : Change::kChanged, field, key, before, after});
}

void compare_text(std::string_view field, std::string_view before, std::string_view after, Fields& fields) {
  compare_field(field, {}, FieldValue::of_non_empty(before), FieldValue::of_non_empty(after), fields);
}

// The two ranges ascend by `key_of`; `take` gets the key and, from either, the item or nothing.
template <typename Range, typename KeyOf, typename Take>
void merge(const Range& before, const Range& after, KeyOf&& key_of, Take&& take) {
  using Item = std::optional<std::decay_t<decltype(*before.begin())>>;
  auto a = before.begin();
  auto b = after.begin();
  while (a != before.end() || b != after.end()) {
    const bool only_a = b == after.end() || (a != before.end() && key_of(*a) < key_of(*b));
    const bool only_b = a == before.end() || (b != after.end() && key_of(*b) < key_of(*a));
    take(only_b ? Item() : Item(*a), only_a ? Item() : Item(*b));
    if (!only_b) ++a;
    if (!only_a) ++b;
  }
}

void compare_sets(const Tags& before, const Tags& after, Fields& fields) {
  using Item = std::optional<std::string_view>;
  const auto take = [&](const Item& a, const Item& b) { compare_field("tags", a ? *a : *b, value_of(a), value_of(b), fields); };
  merge(
      before, after, [](std::string_view tag) { return tag; }, take);
}

void compare_sets(const Attributes& before, const Attributes& after, Fields& fields) {
  using Item = std::optional<Attribute>;
  const auto take = [&](const Item& a, const Item& b) {
    compare_field("attributes", a ? a->key : b->key, a ? FieldValue::of(a->value) : FieldValue(),
                  b ? FieldValue::of(b->value) : FieldValue(), fields);
  };
  merge(
      before, after, [](const Attribute& attribute) { return attribute.key; }, take);
}

Fields compare_fields(const Endpoint& before, const Endpoint& after) {
  Fields fields;
  compare_text("version", before.version(), after.version(), fields);
  compare_field("weight", {}, FieldValue::of(std::uint64_t{before.weight()}), FieldValue::of(std::uint64_t{after.weight()}), fields);
  compare_text("zone", before.zone(), after.zone(), fields);
  compare_sets(before.tags(), after.tags(), fields);
  compare_sets(before.attributes(), after.attributes(), fields);
  return fields;
}

struct Placed {
  std::string_view uri;
  std::size_t place;  // in the list
};

struct Listed {
  std::vector<Endpoint> endpoints;
  std::vector<Placed> by_uri;  // those of one uri in the order of the list
};

Listed listed(const Endpoints& endpoints) {
  Listed list;
  for (const Endpoint& endpoint : endpoints) {
    list.by_uri.push_back({endpoint.uri(), list.endpoints.size()});
    list.endpoints.push_back(endpoint);
  }
  std::ranges::stable_sort(list.by_uri, {}, &Placed::uri);
  return list;
}

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

void compare_endpoints(const Endpoints& before, const Endpoints& after, ServiceChange& change) {
  if (same(before, after)) return;
  const Listed old_list = listed(before);
  const Listed new_list = listed(after);
  std::vector<std::size_t> old_place(new_list.endpoints.size(), kNowhere);
  std::vector<bool> stays(old_list.endpoints.size());
  const auto match = [&](const std::optional<Placed>& a, const std::optional<Placed>& b) {
    if (!a || !b) return;
    old_place[b->place] = a->place;
    stays[a->place] = true;
  };
  merge(
      old_list.by_uri, new_list.by_uri, [](const Placed& placed) { return placed.uri; }, match);

  for (std::size_t i = 0; i < stays.size(); ++i) {
    if (!stays[i]) change.endpoints.push_back({Change::kRemoved, old_list.endpoints[i], {}});
  }
  std::size_t furthest = 0;
  for (std::size_t i = 0; i < old_place.size(); ++i) {
    const Endpoint& endpoint = new_list.endpoints[i];
    if (old_place[i] == kNowhere) {
      change.endpoints.push_back({Change::kAdded, endpoint, {}});
      continue;
    }
    change.endpoints_reordered |= old_place[i] < furthest;
    furthest = std::max(furthest, old_place[i]);
    Fields fields = compare_fields(old_list.endpoints[old_place[i]], endpoint);
    if (!fields.empty()) change.endpoints.push_back({Change::kChanged, endpoint, std::move(fields)});
  }
}

}  // namespace

bool same(const Service& before, const Service& after) noexcept {
  return before.name() == after.name() && before.value() == after.value() && before.description() == after.description() &&
         same(before.tags(), after.tags()) && same(before.attributes(), after.attributes()) && same(before.endpoints(), after.endpoints());
}

ServiceChange compare(const Service& before, const Service& after) {
  ServiceChange change{Change::kChanged, after, {}, {}, false};
  compare_text("description", before.description(), after.description(), change.fields);
  compare_field("value", {}, value_of(before.value()), value_of(after.value()), change.fields);
  compare_sets(before.tags(), after.tags(), change.fields);
  compare_sets(before.attributes(), after.attributes(), change.fields);
  compare_endpoints(before.endpoints(), after.endpoints(), change);
  return change;
}

}  // namespace almanac::inspect
