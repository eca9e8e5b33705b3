// A snapshot file put together from parts that a test chose, with digests and checksums that hold, so
// that the reader gets as far as the rule that is broken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "manifest_generated.h"
#include "preamble.h"
#include "support/crafted_frame.h"

namespace almanac::support {

// One zstd frame with its content size.
[[nodiscard]] std::vector<std::byte> compressed(std::span<const std::byte> bytes);

struct CraftedManifest {
  std::optional<std::string> registry;
  std::optional<std::string> revision;
  std::vector<format::FrameEntry> frames;
  std::vector<format::NamespaceEntry> namespaces;
  std::string names;
  std::vector<format::CallerRule> caller_rules;
  std::string caller_conditions;
  std::vector<format::CallerRollout> caller_rollouts;
  std::vector<format::Stage> caller_stages;
  [[nodiscard]] std::vector<std::byte> encode() const;
};

struct CraftedSnapshot {
  CraftedManifest manifest;
  std::vector<std::vector<std::byte>> stored_frames;

  // A frame as stored, with an entry of the manifest that describes it. `size` is that of the entry.
  void add_stored_frame(std::vector<std::byte> stored, std::uint64_t size);
  void add_frame(std::span<const std::byte> inflated);
  void add_namespace(const std::string& name, std::uint32_t frame, std::uint32_t part, std::uint32_t services, std::uint32_t endpoints);

  [[nodiscard]] std::vector<std::byte> assemble() const;
  // Around a manifest as stored: `size` is what the preamble says it inflates to.
  [[nodiscard]] std::vector<std::byte> assemble(std::span<const std::byte> stored_manifest, std::uint64_t size) const;
};

// One frame with the namespaces "a", "b", … for its parts.
[[nodiscard]] std::vector<std::byte> snapshot_around(const CraftedFrame& frame);

// Where the first frame of a snapshot lies.
[[nodiscard]] std::uint64_t first_frame_of(std::span<const std::byte> snapshot);

}  // namespace almanac::support
