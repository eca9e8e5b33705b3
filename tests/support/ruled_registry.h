// A compiled registry with caller rules, and announcements of generations that come to instances one after another.
//
//   RuledSnapshot rules({"blue", "green"});
//   rules.rule("blue", {}, {{"green", linear(start, 20 * kPercent, 6min)}});
//   const std::vector<std::byte> file = with_rules(snapshot_of(namespaces), rules);
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "announcement.h"
#include "support/crafted_rules.h"

namespace almanac::support {

// Namespaces, each with a service "users" at "http://<namespace>/<version>" and a frame of its own.
[[nodiscard]] std::vector<std::byte> snapshot_of_frames(const std::vector<std::string>& namespaces, const std::string& version);

// `compiled` with the rules of another snapshot that has the same namespaces.
[[nodiscard]] std::vector<std::byte> with_rules(std::span<const std::byte> compiled, RuledSnapshot& rules);

// A rollout from that one.
[[nodiscard]] internal::GenerationRollout rollout_from(const internal::Announcement& previous, std::uint64_t seed,
                                                       internal::Schedule schedule);

}  // namespace almanac::support
