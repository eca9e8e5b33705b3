#include <almanac/namespace.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "namespace_data.h"
#include "perfect_hash.h"

namespace almanac {

namespace internal {

namespace {

// What a namespace without services has, so that no lookup need ask whether there is anything.
constexpr SharedSlot kEmptySlot;
constexpr std::uint16_t kAnyPilot = 0;

}  // namespace

NamespaceData::NamespaceData(const Frame& frame, const Part& part, std::string_view name) noexcept
    : slots_(part.slots == 0 ? &kEmptySlot : frame.slots.data() + part.slot),
      pilots_(part.slots == 0 ? &kAnyPilot : frame.pilots.data() + part.pilot),
      text_(frame.text.data()),
      slot_count_(std::max(part.slots, 1U)),
      pilot_count_(part.slots == 0 ? 1 : part.pilots),
      text_end_(std::uint64_t{part.text} + part.text_size),
      hash_(part.seed),
      frame_(&frame),
      part_(&part),
      index_(&frame.indexes[static_cast<std::size_t>(&part - frame.parts.data())]),
      name_(name) {}

Namespace NamespaceData::view() const noexcept {
  Namespace view;
  view.data_ = this;
  return view;
}

inline std::uint64_t NamespaceData::slot_for(std::uint64_t hash) const noexcept {
  return slot_of(hash, pilots_[bucket_of(hash, pilot_count_)], slot_count_, slot_factors_);
}

// The row that a name of that hash and size would be in; its name itself is still to be compared.
template <class SameName>
inline FoundRow NamespaceData::find_in(std::uint64_t number, std::uint64_t hash, std::string_view name, SameName same_name) const noexcept {
  const Slot slot = slots_[number].load();
  const std::uint32_t uri_size = slot.key.uri_size_for(hash, name.size());
  // Another name's slot will never be this one's; but an empty one may be filled yet.
  if (uri_size >= RowKey::kOtherName) [[unlikely]]
    return slot.key.empty() ? find_in_empty(name) : FoundRow();
  if (!within_32(slot.text, static_cast<std::uint32_t>(name.size()) + 1 + uri_size, text_end_)) [[unlikely]]
    return {};
  const char* text = text_ + slot.text;
  if (!same_name(text)) [[unlikely]]
    return {};
  return {text, uri_size};
}

FoundRow NamespaceData::find(std::string_view name) const noexcept {
  if (FourWords::fit(name.size())) [[likely]] {
    const std::uint64_t hash = hash_(FourWords(name.data(), name.size()), name.size());
    return find_in(slot_for(hash), hash, name, [name](const char* text) { return same_four_words(text, name.data(), name.size()); });
  }
  return find_short_or_long(name);
}

// Apart, so that its calls cost the others nothing.
[[gnu::noinline]] FoundRow NamespaceData::find_short_or_long(std::string_view name) const noexcept {
  if (name.empty()) return {};
  const std::uint64_t hash = hash_(name);
  return find_in(slot_for(hash), hash, name, [&](const char* text) { return std::memcmp(text, name.data(), name.size()) == 0; });
}

// Apart, so that the code of those that are found stays short.
[[gnu::noinline]] FoundRow NamespaceData::find_in_empty(std::string_view name) const noexcept {
  const std::uint64_t hash = hash_(name);
  const std::uint64_t number = slot_for(hash);
  // Once all slots are filled, one that is still empty is no name's. The slot is read again, as it may have been filled since.
  const bool all_filled = index_->slots_to.load(std::memory_order_acquire) == text_end_;
  if (all_filled) return slots_[number].load().key.empty() ? FoundRow() : search(name);
  fill_more_slots(*frame_, *part_, *index_);
  const FoundRow row = search(name);
  // The next time it is found at once, however long the others take.
  if (row.text != nullptr) {
    const RowKey key(hash, static_cast<std::uint32_t>(name.size()), static_cast<std::uint32_t>(row.uri_size));
    frame_->slots[part_->slot + number].store({static_cast<std::uint32_t>(row.text - text_), key});
  }
  return row;
}

// By bytes, as rows have no numbers yet: each step looks at the row that the byte in the middle is of.
FoundRow NamespaceData::search(std::string_view name) const noexcept {
  const char* low = text_ + part_->text;  // a row begins there, and where `high` is
  const char* high = text_ + text_end_;
  while (low < high) {
    const char* const row = row_around(low, low + (high - low) / 2);
    const char* const name_end = next_mark(row);
    const int order = name.compare({row, static_cast<std::size_t>(name_end - row)});
    if (order == 0) {
      const RowShape shape = shape_of_row(row);
      return problem_of(shape) == nullptr ? FoundRow{row, shape.uri_size} : FoundRow();
    }
    if (order < 0) {
      high = row;
    } else {
      low = end_mark(name_end) + 1;
    }
  }
  return {};
}

// Each pass asks for the memory that the next one needs, so that the names wait for it together.
void NamespaceData::find(std::span<const std::string_view> names, std::span<std::optional<Service>> found) const noexcept {
  struct Asked {
    std::uint64_t hash;
    std::uint64_t slot;
  };
  std::array<Asked, 16> asked;
  for (std::size_t first = 0; first < names.size(); first += asked.size()) {
    const std::span batch = names.subspan(first, std::min(asked.size(), names.size() - first));
    for (std::size_t i = 0; i < batch.size(); ++i) {
      asked[i].hash = hash_(batch[i]);
      __builtin_prefetch(pilots_ + bucket_of(asked[i].hash, pilot_count_));
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
      asked[i].slot = slot_for(asked[i].hash);
      __builtin_prefetch(slots_ + asked[i].slot);
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const Slot slot = slots_[asked[i].slot].load();
      const bool may_be_there = slot.key.uri_size_for(asked[i].hash, batch[i].size()) < RowKey::kOtherName;
      if (may_be_there && slot.text < text_end_) __builtin_prefetch(text_ + slot.text);
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const std::string_view name = batch[i];
      const auto same_name = [name](const char* text) { return std::memcmp(text, name.data(), name.size()) == 0; };
      const FoundRow row = name.empty() ? FoundRow() : find_in(asked[i].slot, asked[i].hash, name, same_name);
      found[first + i] = Service::found(this, name, row);
    }
  }
}

RowPosition NamespaceData::checkpoint(std::uint32_t block) const noexcept {
  if (!index_->has_checkpoints.load(std::memory_order_acquire)) fill_checkpoints(*frame_, *part_, *index_);
  const std::size_t number = std::size_t{part_->checkpoint} + block;
  if (number >= frame_->checkpoints.size()) return {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX};
  return frame_->checkpoints[number].load();
}

std::uint32_t NamespaceData::block_of(const Service& service) const noexcept {
  return (static_cast<std::uint32_t>(service.text_ - text_) - part_->text) / kTextPerCheckpoint;
}

RowNumbers NamespaceData::numbers_of(const Service& service) const noexcept {
  if (service.row_ != Service::kUnknown) return {service.row_, service.endpoint_};
  const std::uint32_t block = block_of(service);
  RowPosition at = checkpoint(block);
  // In a damaged file of the cache it may lie anywhere.
  if (at.text < part_->text + block * kTextPerCheckpoint || at.text >= text_end_) return {};
  Marks<kValueMark> marks(text_ + at.text);
  for (const char* text = text_ + at.text; text < service.text_; ++at.row) {
    const RowShape shape = shape_of_row(text, [&marks] { return marks.next(); });
    text += shape.size;
    at.endpoint += shape.endpoints;
  }
  return {at.row, at.endpoint};
}

Service NamespaceData::service_in(const RowPosition& position) const noexcept {
  if (position.text >= text_end_) return {};
  const RowShape shape = shape_of_row(text_ + position.text);
  Service service(this, text_ + position.text, static_cast<std::uint16_t>(shape.name_size), static_cast<std::uint16_t>(shape.uri_size));
  service.row_ = position.row;
  service.endpoint_ = position.endpoint;
  return service;
}

Service NamespaceData::service_after(const Service& service) const noexcept {
  if (service.data_ == nullptr) return {};
  const RowShape shape = shape_of_row(service.text_);
  const RowNumbers at = numbers_of(service);
  return service_in({static_cast<std::uint32_t>(service.text_ - text_) + shape.size, 0, at.endpoint + shape.endpoints, at.row + 1});
}

Place NamespaceData::begin() const noexcept { return {0, service_in({part_->text, part_->description, part_->endpoint, part_->row})}; }

template <class Precedes>
Place NamespaceData::partition_point(Precedes precedes) const noexcept {
  // The last block whose first row precedes, then row by row.
  std::uint32_t low = 0;
  std::uint32_t high = part_->checkpoints();
  while (low < high) {
    const std::uint32_t middle = low + (high - low) / 2;
    const Service first = service_in(checkpoint(middle));
    if (first.data_ != nullptr && precedes(first.name())) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return begin();
  const RowPosition at = checkpoint(low - 1);
  // In a damaged file of the cache any row.
  Place place{std::min(at.row - part_->row, size()), service_in(at)};
  for (; place.row < size() && precedes(place.service.name()); ++place.row) place.service = service_after(place.service);
  return place;
}

Place NamespaceData::lower_bound(std::string_view name) const noexcept {
  return partition_point([name](std::string_view other) { return other < name; });
}

Place NamespaceData::end_of_prefix(std::string_view prefix) const noexcept {
  return partition_point([prefix](std::string_view other) { return other.substr(0, prefix.size()) <= prefix; });
}

std::string_view NamespaceData::description_of(const Service& service) const noexcept {
  const RowPosition first = checkpoint(block_of(service));
  std::size_t at = first.description;
  const std::size_t end = std::size_t{part_->description} + part_->description_size;
  for (std::uint32_t left = numbers_of(service).row - first.row;; --left) {
    if (at >= end) return {};
    const char* text = frame_->descriptions.data() + at;
    const auto size = static_cast<std::size_t>(end_mark(text) - text);
    if (left == 0) return {text, size};
    at += size + 1;
  }
}

}  // namespace internal

Services::iterator Services::begin() const noexcept {
  iterator first;
  first.data_ = data_;
  first.service_ = service_;
  first.row_ = first_;
  first.last_ = last_;
  first.tag_ = tag_;
  first.skip_untagged();
  return first;
}

Services::iterator Services::end() const noexcept {
  iterator last;
  last.row_ = last_;
  return last;
}

Services::iterator& Services::iterator::operator++() noexcept {
  advance();
  skip_untagged();
  return *this;
}

void Services::iterator::advance() noexcept {
  if (++row_ < last_) service_ = data_->service_after(service_);
}

void Services::iterator::skip_untagged() noexcept {
  if (tag_.empty()) return;
  while (row_ < last_ && !service_.tags().contains(tag_)) advance();
}

Services Services::tagged(std::string_view tag) const noexcept {
  Services services = *this;
  services.tag_ = tag;
  if (tag.empty()) services.last_ = services.first_;
  return services;
}

std::string_view Namespace::name() const noexcept { return data_ == nullptr ? std::string_view() : data_->name(); }

std::size_t Namespace::size() const noexcept { return data_ == nullptr ? 0 : data_->size(); }

internal::FoundRow Namespace::row_of(std::string_view name) const noexcept {
  return data_ == nullptr ? internal::FoundRow() : data_->find(name);
}

void Namespace::find(std::span<const std::string_view> names, std::span<std::optional<Service>> found) const noexcept {
  const std::size_t count = std::min(names.size(), found.size());
  if (data_ != nullptr) return data_->find(names.first(count), found.first(count));
  std::ranges::fill(found.first(count), std::nullopt);
}

Services Namespace::services() const noexcept { return under({}); }

Services Namespace::under(std::string_view prefix) const noexcept {
  Services services;
  if (data_ == nullptr) return services;
  const internal::Place first = prefix.empty() ? data_->begin() : data_->lower_bound(prefix);
  services.data_ = data_;
  services.service_ = first.service;
  services.last_ = prefix.empty() ? data_->size() : data_->end_of_prefix(prefix).row;
  services.first_ = std::min(first.row, services.last_);
  return services;
}

}  // namespace almanac
