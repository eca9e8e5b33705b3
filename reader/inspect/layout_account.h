// Where every byte of a snapshot went.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <almanac/snapshot.h>

namespace almanac::inspect {

struct ComponentSize {
  std::string what;            // "text", "columns", "index", …
  std::uint64_t inflated = 0;  // bytes, exact
  std::uint64_t stored = 0;    // bytes, an estimate; those of a frame's, or the manifest's, sum to its stored size exactly
};

struct FrameReport {
  FrameInfo info;
  std::uint64_t namespaces = 0;
  std::uint64_t services = 0;
  std::uint64_t endpoints = 0;
  std::vector<ComponentSize> components;
};

struct LayoutReport {
  std::uint64_t size = 0;      // bytes of the file = preamble + manifest + the frames' stored sizes
  std::uint64_t preamble = 0;  // bytes
  std::uint64_t manifest = 0;  // bytes, compressed
  std::uint64_t manifest_inflated = 0;
  std::vector<ComponentSize> manifest_components;
  std::uint64_t services = 0;
  std::vector<FrameReport> frames;
  std::vector<ComponentSize> components;  // of all frames together
};

// The compressor does not say which stored byte came from which component. So each is compressed alone,
// and the stored size of the frame, or of the manifest, is divided in proportion to the results. Throws Error as Snapshot::in() does.
[[nodiscard]] LayoutReport lay_out(const Snapshot& snapshot);

}  // namespace almanac::inspect
