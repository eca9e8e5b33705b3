// One namespace of a frame: everything a lookup needs, side by side.
#pragma once

#include <almanac/namespace.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "frame.h"
#include "index.h"
#include "name_hash.h"

namespace almanac::internal {

class NamespaceData {
 public:
  // `frame` and `name` are borrowed.
  NamespaceData(const Frame& frame, const Part& part, std::string_view name) noexcept;

  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  [[nodiscard]] std::uint32_t size() const noexcept { return part_->rows; }
  [[nodiscard]] const Frame& frame() const noexcept { return *frame_; }
  [[nodiscard]] Namespace view() const noexcept;

  [[nodiscard]] std::optional<Service> find(std::string_view name) const noexcept;
  // As many of the one as of the other.
  void find(std::span<const std::string_view> names, std::span<std::optional<Service>> found) const noexcept;
  // The first row whose name does not come before `name`.
  [[nodiscard]] std::uint32_t lower_bound(std::string_view name) const noexcept;
  // The first row past those whose names begin with `prefix`.
  [[nodiscard]] std::uint32_t end_of_prefix(std::string_view prefix) const noexcept;
  // The service in row `row`, counted in this namespace; a default Service past the end.
  [[nodiscard]] Service service_at(std::uint32_t row) const noexcept;
  // The one behind `service`; a default Service behind the last one of the frame.
  [[nodiscard]] Service service_after(const Service& service) const noexcept;
  // The row of a service and its first endpoint, counted in the frame.
  [[nodiscard]] SlotRow row_of(const Service& service) const noexcept;
  [[nodiscard]] std::string_view description_of(const Service& service) const noexcept;

 private:
  [[nodiscard]] std::optional<Service> find_short_or_long(std::string_view name) const noexcept;
  [[nodiscard]] std::uint32_t slot_for(std::uint64_t hash) const noexcept;
  template <class SameName>
  [[nodiscard]] std::optional<Service> find_in(std::uint32_t number, std::uint64_t hash, std::size_t name_size,
                                               SameName same_name) const noexcept;
  [[nodiscard]] Service service_in(const RowPosition& position, std::uint32_t row) const noexcept;
  // The first row whose name `precedes` does not hold for, where it holds for all before that.
  template <class Precedes>
  [[nodiscard]] std::uint32_t partition_point(Precedes precedes) const noexcept;
  [[nodiscard]] std::string_view first_name_of_block(std::uint32_t block) const noexcept;
  [[nodiscard]] RowPosition checkpoint(std::uint32_t block) const noexcept;

  const SlotText* slot_texts_;
  const std::uint16_t* pilots_;
  const char* text_;  // of the frame: positions count from there
  NameHash hash_;
  std::uint32_t slot_count_;
  std::uint32_t pilot_count_;
  std::uint32_t text_end_;
  const SlotRow* slot_rows_;
  const Frame* frame_;
  const Part* part_;
  std::string_view name_;
};

}  // namespace almanac::internal
