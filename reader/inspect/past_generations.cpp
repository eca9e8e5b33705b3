#include "past_generations.h"

#include <almanac/error.h>

#include <algorithm>

#include "open_live.h"

namespace almanac::inspect {
namespace {

using internal::Announcement;

// Each is a request.
constexpr std::uint64_t kMostAsked = 100;

// Nothing when the store does not keep it any more.
std::optional<Announcement> find_announcement(const Subject& subject, std::uint64_t generation) {
  try {
    return internal::fetch_announced(*subject.store, internal::generation_key(generation)).announcement;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNotFound) throw;
    return std::nullopt;
  }
}

}  // namespace

std::optional<RolloutEnd> end_of_rollout(const Subject& subject) {
  if (!subject.store || subject.is_live || !subject.publication || !subject.publication->rollout) return std::nullopt;
  const internal::GenerationRollout& rollout = *subject.publication->rollout;
  const std::uint64_t generation = subject.publication->generation;
  // One that is announced beyond what is live never was.
  const std::uint64_t live = internal::fetch_announced(*subject.store, internal::kCurrentKey).announcement.generation;
  for (std::uint64_t next = generation + 1; next <= live && next - generation <= kMostAsked; ++next) {
    const std::optional<Announcement> later = find_announcement(subject, next);
    if (!later) continue;
    const internal::Moment published = internal::moment_of(later->published);
    if (published >= rollout.end()) return std::nullopt;
    const bool carries_it_on = later->rollout && later->rollout->seed == rollout.seed;  // a pin
    if (!carries_it_on) return RolloutEnd{next, published, rollout.schedule.share_at(published)};
  }
  return std::nullopt;
}

std::optional<std::uint64_t> generation_at(const Subject& subject, internal::Moment at) {
  if (!subject.store || !subject.publication) return std::nullopt;
  const std::uint64_t generation = subject.publication->generation;
  const std::uint64_t oldest = generation - std::min(generation, kMostAsked + 1);
  for (std::uint64_t before = generation - 1; before > oldest; --before) {
    const std::optional<Announcement> earlier = find_announcement(subject, before);
    if (!earlier) return std::nullopt;
    if (internal::moment_of(earlier->published) <= at) return before;
  }
  return oldest == 0 ? std::optional<std::uint64_t>(0) : std::nullopt;
}

}  // namespace almanac::inspect
