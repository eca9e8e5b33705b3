// A frame taken apart, so that a test can break one rule of the format and put it together again:
//
//   CraftedFrame frame = CraftedFrame::of(registry.namespaces);
//   frame.labels += "one too many\0"s;
//   const std::vector<std::byte> inflated = frame.encode();
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "frame_generated.h"
#include "model/registry.h"

namespace almanac::support {

// Planes that differ from what numbers would give can only be written as planes.
using Planes = std::vector<std::optional<std::vector<std::uint8_t>>>;

// The fields of format::Part, to be changed.
struct CraftedPart {
  std::uint64_t seed = 0;
  std::uint32_t rows = 0;
  std::uint32_t endpoints = 0;
  std::uint32_t text_size = 0;
  std::uint32_t description_size = 0;
  std::uint32_t pilots = 0;
  std::uint32_t slots = 0;
};

struct CraftedFrame {
  std::vector<CraftedPart> parts;
  std::string text;
  std::string descriptions;
  std::vector<std::uint16_t> pilots;
  std::string labels;
  std::string tag_sets;
  std::string attribute_sets;
  Planes tags;  // empty: the column is absent
  Planes attributes;
  Planes endpoint_version;
  Planes endpoint_zone;
  Planes endpoint_weight;
  Planes endpoint_tags;
  Planes endpoint_attributes;
  std::vector<format::Slot> slots;
  std::vector<format::Checkpoint> checkpoints;
  std::vector<std::uint32_t> label_offsets;
  std::vector<std::uint32_t> tag_set_offsets;
  std::vector<std::uint32_t> attribute_set_offsets;

  // As the compiler encodes them.
  [[nodiscard]] static CraftedFrame of(std::span<const model::Namespace> namespaces);
  [[nodiscard]] std::vector<std::byte> encode() const;

  // Rows of the one part anew: their text, sizes and perfect hash follow from `rows`, each without its
  // name's end, such as "users\1http://u/". Names are hashed as they come, and need not be in order.
  void set_rows(const std::vector<std::string>& rows);
};

// One plane of the lowest bytes, and as many more as the numbers need.
[[nodiscard]] Planes planes_of(const std::vector<std::uint32_t>& numbers);

}  // namespace almanac::support
