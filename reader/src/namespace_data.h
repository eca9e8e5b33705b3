// One namespace of a frame: everything a lookup needs, side by side.
#pragma once

#include <almanac/namespace.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "frame.h"
#include "index.h"
#include "name_hash.h"
#include "perfect_hash.h"

namespace almanac::internal {

// Both counted in the frame.
struct RowNumbers {
  std::uint32_t row = 0;
  std::uint32_t endpoint = 0;  // its first
};

// A row, counted in its namespace, and the service in it; behind the last one a default Service.
struct Place {
  std::uint32_t row = 0;
  Service service;
};

class NamespaceData {
 public:
  // `part` is one of `frame`, which is borrowed, and so is `name`.
  NamespaceData(const Frame& frame, const Part& part, std::string_view name) noexcept;

  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  [[nodiscard]] std::uint32_t size() const noexcept { return part_->rows; }
  [[nodiscard]] const Frame& frame() const noexcept { return *frame_; }
  [[nodiscard]] Namespace view() const noexcept;

  // For Namespace, which makes a Service of it.
  [[nodiscard]] FoundRow find(std::string_view name) const noexcept;
  // As many of the one as of the other.
  void find(std::span<const std::string_view> names, std::span<std::optional<Service>> found) const noexcept;
  // The service in the first row, and in the first one whose name does not come before `name`.
  [[nodiscard]] Place begin() const noexcept;
  [[nodiscard]] Place lower_bound(std::string_view name) const noexcept;
  // The first row past those whose names begin with `prefix`.
  [[nodiscard]] Place end_of_prefix(std::string_view prefix) const noexcept;
  // The one behind `service`; a default Service behind the last one.
  [[nodiscard]] Service service_after(const Service& service) const noexcept;
  [[nodiscard]] RowNumbers numbers_of(const Service& service) const noexcept;
  [[nodiscard]] std::string_view description_of(const Service& service) const noexcept;
  // Makes all of the index that is missing, and checks the rows: index.h. `object` and `offset` are those of the frame.
  void finish_index(const std::string& object, std::uint64_t offset) const {
    internal::finish_index(*frame_, *part_, *index_, object, offset);
  }

 private:
  [[nodiscard]] FoundRow find_short_or_long(std::string_view name) const noexcept;
  // A name whose slot was empty a moment ago.
  [[nodiscard]] FoundRow find_in_empty(std::string_view name) const noexcept;
  // Among rows in order; among others it may miss it.
  [[nodiscard]] FoundRow search(std::string_view name) const noexcept;
  [[nodiscard]] std::uint64_t slot_for(std::uint64_t hash) const noexcept;
  template <class SameName>
  [[nodiscard]] FoundRow find_in(std::uint64_t number, std::uint64_t hash, std::string_view name, SameName same_name) const noexcept;
  [[nodiscard]] Service service_in(const RowPosition& position) const noexcept;
  // The first row whose name `precedes` does not hold for, where it holds for all before that.
  template <class Precedes>
  [[nodiscard]] Place partition_point(Precedes precedes) const noexcept;
  // The first row that begins in that block of this namespace's text, or behind it; past all text where there is none.
  [[nodiscard]] RowPosition checkpoint(std::uint32_t block) const noexcept;
  // The block that a row begins in.
  [[nodiscard]] std::uint32_t block_of(const Service& service) const noexcept;

  const SharedSlot* slots_;
  const std::uint16_t* pilots_;
  const char* text_;  // of the frame: positions count from there
  std::uint64_t slot_count_;
  std::uint64_t pilot_count_;
  std::uint64_t text_end_;
  SlotFactors slot_factors_;
  NameHash hash_;
  const Frame* frame_;
  const Part* part_;
  PartIndex* index_;
  std::string_view name_;
};

}  // namespace almanac::internal
