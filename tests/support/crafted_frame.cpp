#include "support/crafted_frame.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "compile/frame_encoder.h"
#include "compile/perfect_hash_builder.h"
#include "flatbuffer.h"
#include "frame.h"

namespace almanac::support {

namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;

template <class T>
std::vector<T> vector_of(std::span<const T> elements) {
  return {elements.begin(), elements.end()};
}

std::string string_of(const flatbuffers::Vector<std::uint8_t>* bytes) { return std::string(internal::text_of_bytes(bytes)); }

Planes planes_in(const format::Column* column) {
  Planes planes;
  if (column == nullptr) return planes;
  for (const auto* plane : {column->p0(), column->p1(), column->p2(), column->p3()}) {
    planes.push_back(plane == nullptr ? std::nullopt : std::optional(std::vector<std::uint8_t>(plane->begin(), plane->end())));
  }
  return planes;
}

Offset<format::Column> column(FlatBufferBuilder& builder, const Planes& planes) {
  if (planes.empty()) return 0;
  std::array<Offset<flatbuffers::Vector<std::uint8_t>>, 4> offsets{};
  for (std::size_t i = 0; i < planes.size(); ++i) {
    if (planes[i]) offsets.at(i) = builder.CreateVector(*planes[i]);
  }
  return format::CreateColumn(builder, offsets[0], offsets[1], offsets[2], offsets[3]);
}

Offset<flatbuffers::Vector<std::uint8_t>> bytes(FlatBufferBuilder& builder, const std::string& text) {
  return builder.CreateVector(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

}  // namespace

Planes planes_of(const std::vector<std::uint32_t>& numbers) {
  const std::uint32_t largest = numbers.empty() ? 0 : *std::ranges::max_element(numbers);
  Planes planes;
  for (unsigned plane = 0; plane == 0 || (plane < 4 && largest >> (8 * plane) != 0); ++plane) {
    auto& elements = planes.emplace_back().emplace();
    for (const std::uint32_t number : numbers) elements.push_back(static_cast<std::uint8_t>(number >> (8 * plane)));
  }
  return planes;
}

CraftedFrame CraftedFrame::of(std::span<const model::Namespace> namespaces) {
  const flatbuffers::DetachedBuffer encoded = compile::encode_frame(namespaces);
  const format::Frame& root = *format::GetFrame(encoded.data());
  CraftedFrame frame;
  for (const format::Part& part : internal::span_of(root.parts())) {
    frame.parts.push_back(
        {part.seed(), part.rows(), part.endpoints(), part.text_size(), part.description_size(), part.pilots(), part.slots()});
  }
  frame.text = string_of(root.text());
  frame.descriptions = string_of(root.descriptions());
  frame.pilots = vector_of(internal::span_of(root.pilots()));
  frame.labels = string_of(root.labels());
  frame.tag_sets = string_of(root.tag_sets());
  frame.attribute_sets = string_of(root.attribute_sets());
  frame.tags = planes_in(root.tags());
  frame.attributes = planes_in(root.attributes());
  frame.endpoint_version = planes_in(root.endpoint_version());
  frame.endpoint_zone = planes_in(root.endpoint_zone());
  frame.endpoint_weight = planes_in(root.endpoint_weight());
  frame.endpoint_tags = planes_in(root.endpoint_tags());
  frame.endpoint_attributes = planes_in(root.endpoint_attributes());
  frame.slots = vector_of(internal::span_of(root.slots()));
  frame.checkpoints = vector_of(internal::span_of(root.checkpoints()));
  frame.label_offsets = vector_of(internal::span_of(root.label_offsets()));
  frame.tag_set_offsets = vector_of(internal::span_of(root.tag_set_offsets()));
  frame.attribute_set_offsets = vector_of(internal::span_of(root.attribute_set_offsets()));
  return frame;
}

std::vector<std::byte> CraftedFrame::encode() const {
  FlatBufferBuilder builder;
  const auto attribute_set_offset_list = builder.CreateVector(attribute_set_offsets);
  const auto tag_set_offset_list = builder.CreateVector(tag_set_offsets);
  const auto label_offset_list = builder.CreateVector(label_offsets);
  const auto checkpoint_list = builder.CreateVectorOfStructs(checkpoints);
  const auto slot_list = builder.CreateVectorOfStructs(slots);
  std::vector<format::Part> structs;
  for (const CraftedPart& part : parts) {
    structs.emplace_back(part.seed, part.rows, part.endpoints, part.text_size, part.description_size, part.pilots, part.slots);
  }
  const auto part_list = builder.CreateVectorOfStructs(structs);
  const auto pilot_list = builder.CreateVector(pilots);
  const auto text_bytes = bytes(builder, text);
  const auto description_bytes = bytes(builder, descriptions);
  const auto label_bytes = bytes(builder, labels);
  const auto tag_set_bytes = bytes(builder, tag_sets);
  const auto attribute_set_bytes = bytes(builder, attribute_sets);
  const auto tag_column = column(builder, tags);
  const auto attribute_column = column(builder, attributes);
  const auto version_column = column(builder, endpoint_version);
  const auto zone_column = column(builder, endpoint_zone);
  const auto weight_column = column(builder, endpoint_weight);
  const auto endpoint_tag_column = column(builder, endpoint_tags);
  const auto endpoint_attribute_column = column(builder, endpoint_attributes);
  builder.Finish(format::CreateFrame(builder, part_list, text_bytes, description_bytes, pilot_list, label_bytes, tag_set_bytes,
                                     attribute_set_bytes, tag_column, attribute_column, version_column, zone_column, weight_column,
                                     endpoint_tag_column, endpoint_attribute_column, slot_list, checkpoint_list, label_offset_list,
                                     tag_set_offset_list, attribute_set_offset_list),
                 format::FrameIdentifier());
  const auto encoded = std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize()));
  return {encoded.begin(), encoded.end()};
}

void CraftedFrame::set_rows(const std::vector<std::string>& rows) {
  text.clear();
  std::vector<std::string> names;
  std::uint32_t endpoints = 0;
  for (const std::string& row : rows) {
    names.push_back(row.substr(0, row.find_first_of("\1\2")));
    endpoints += static_cast<std::uint32_t>(std::ranges::count(row.substr(0, row.find('\2')), '\1'));
    text += row + '\0';
  }
  const auto count = static_cast<std::uint32_t>(rows.size());
  descriptions.assign(rows.size(), '\0');
  const compile::PerfectHash hash = compile::build_perfect_hash(count, [&](std::uint32_t row) { return std::string_view(names[row]); });
  pilots = hash.pilots;
  slots.assign(hash.slots, format::Slot());
  checkpoints.assign(internal::checkpoints_of_text(static_cast<std::uint32_t>(text.size())), format::Checkpoint());
  parts = {
      {hash.seed, count, endpoints, static_cast<std::uint32_t>(text.size()), count, static_cast<std::uint32_t>(pilots.size()), hash.slots}};
  for (Planes* planes : {&tags, &attributes, &endpoint_version, &endpoint_zone, &endpoint_weight, &endpoint_tags, &endpoint_attributes})
    planes->clear();
}

}  // namespace almanac::support
