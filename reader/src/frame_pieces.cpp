#include "frame_pieces.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace almanac::internal {

namespace {

class Collector {
 public:
  explicit Collector(Bytes frame) : frame_(frame) {}

  template <class Vector>
  void add(std::string_view what, const Vector* vector, std::size_t element_size) {
    if (vector == nullptr) return;
    const auto at = static_cast<std::uint64_t>(reinterpret_cast<const std::byte*>(vector) - frame_.data());
    pieces_.push_back({what, at, sizeof(flatbuffers::uoffset_t) + std::uint64_t{vector->size()} * element_size});
  }

  void add(const format::Column* column) {
    if (column == nullptr) return;
    for (const auto* plane : {column->p0(), column->p1(), column->p2(), column->p3()}) add("columns", plane, 1);
  }

  std::vector<FramePiece> finish() {
    std::ranges::sort(pieces_, {}, &FramePiece::offset);
    return std::move(pieces_);
  }

 private:
  Bytes frame_;
  std::vector<FramePiece> pieces_;
};

std::array<const format::Column*, 7> columns_of(const format::Frame& root) {
  return {root.tags(),          root.attributes(),         root.endpoint_version(), root.endpoint_zone(), root.endpoint_weight(),
          root.endpoint_tags(), root.endpoint_attributes()};
}

}  // namespace

std::vector<FramePiece> vectors_of(Bytes frame, const format::Frame& root) {
  Collector collector(frame);
  collector.add("parts", root.parts(), sizeof(format::Part));
  collector.add("text", root.text(), 1);
  collector.add("descriptions", root.descriptions(), 1);
  collector.add("index", root.pilots(), sizeof(std::uint16_t));
  collector.add("labels", root.labels(), 1);
  collector.add("tag sets", root.tag_sets(), 1);
  collector.add("attribute sets", root.attribute_sets(), 1);
  for (const format::Column* column : columns_of(root)) collector.add(column);
  collector.add("index", root.slots(), sizeof(format::Slot));
  collector.add("index", root.checkpoints(), sizeof(format::Checkpoint));
  collector.add("index", root.label_offsets(), sizeof(std::uint32_t));
  collector.add("index", root.tag_set_offsets(), sizeof(std::uint32_t));
  collector.add("index", root.attribute_set_offsets(), sizeof(std::uint32_t));
  return collector.finish();
}

std::vector<FramePiece> tables_of(Bytes frame, const format::Frame& root) {
  using flatbuffers::voffset_t;
  // The offset of the root, and the identifier.
  std::vector<FramePiece> pieces = {{"structure", 0, sizeof(flatbuffers::uoffset_t) + flatbuffers::kFileIdentifierLength}};
  const auto add = [&](const void* table) {
    if (table == nullptr) return;
    // A table begins with the distance back to its vtable; a vtable with its own size and the table's, then where each field is.
    const auto at = static_cast<std::uint64_t>(static_cast<const std::byte*>(table) - frame.data());
    const auto vtable = at - static_cast<std::uint64_t>(std::int64_t{load<flatbuffers::soffset_t>(frame, at)});
    const auto vtable_size = load<voffset_t>(frame, vtable);
    pieces.push_back({"structure", at, sizeof(flatbuffers::soffset_t)});
    pieces.push_back({"structure", vtable, vtable_size});
    for (std::uint64_t field = 2 * sizeof(voffset_t); field + sizeof(voffset_t) <= vtable_size; field += sizeof(voffset_t)) {
      const auto offset = load<voffset_t>(frame, vtable + field);
      // Its first byte stands for all of a field: no vector begins in the middle of one.
      if (offset != 0) pieces.push_back({"structure", at + offset, 1});
    }
  };
  add(&root);
  for (const format::Column* column : columns_of(root)) add(column);
  return pieces;
}

bool overlap(const std::vector<FramePiece>& vectors, const std::vector<FramePiece>& tables) noexcept {
  return std::ranges::any_of(tables, [&](const FramePiece& table) {
    const auto behind = std::ranges::lower_bound(vectors, table.offset + table.size, {}, &FramePiece::offset);
    return behind != vectors.begin() && std::prev(behind)->offset + std::prev(behind)->size > table.offset;
  });
}

bool overlap(const std::vector<FramePiece>& vectors) noexcept {
  const auto overlaps_next = [](const FramePiece& piece, const FramePiece& next) { return next.offset < piece.offset + piece.size; };
  return std::ranges::adjacent_find(vectors, overlaps_next) != vectors.end();
}

}  // namespace almanac::internal
