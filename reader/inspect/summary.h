// What a snapshot is and how large each of its namespaces is.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "selection.h"
#include "subject.h"

namespace almanac::inspect {

struct NamespaceSize {
  NamespaceInfo info;
  std::uint64_t inflated = 0;  // bytes
  std::uint64_t stored = 0;    // bytes, compressed
  bool shares_frame = false;   // then both are its share of the frame
};

struct SummaryReport {
  Subject subject;
  std::vector<NamespaceSize> namespaces;  // the selected ones
  std::size_t namespace_count = 0;        // this and what follows: of the whole snapshot
  std::uint64_t services = 0;
  std::uint64_t endpoints = 0;
  std::uint64_t inflated = 0;                          // bytes of all frames
  std::uint64_t overhead = 0;                          // bytes of preamble and manifest; with the namespaces' stored bytes, the file's size
  std::optional<internal::GenerationRollout> rollout;  // of what a store has now, while it is under way
  internal::Moment now;
};

// A frame that several namespaces share is divided in proportion to the bytes of their own texts (names,
// uris, values, descriptions), to the byte. Frames of one namespace are not read.
// Throws Error as Snapshot::in() does.
[[nodiscard]] SummaryReport summarize(Subject subject, const Selection& selection,
                                      std::chrono::system_clock::time_point now = std::chrono::system_clock::now());

}  // namespace almanac::inspect
