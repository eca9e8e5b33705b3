#include "rollout.h"

#include <algorithm>

#include "perfect_hash.h"

namespace almanac::internal {

namespace {

__extension__ using Wide = unsigned __int128;

Wide milliseconds_between(Moment from, Moment to) noexcept { return static_cast<Wide>((to - from).count()); }

// On the way from `a` to `b`, whose times differ.
std::uint32_t share_between(const Stage& a, const Stage& b, Moment now) noexcept {
  const Wide grown = Wide{b.share - a.share} * milliseconds_between(a.at, now) / milliseconds_between(a.at, b.at);
  return a.share + static_cast<std::uint32_t>(grown);
}

// When that share first reaches `share`, which is above a.share and not above b.share.
Moment moment_between(const Stage& a, const Stage& b, std::uint32_t share) noexcept {
  const Wide grows = b.share - a.share;
  const Wide passed = (Wide{share - a.share} * milliseconds_between(a.at, b.at) + grows - 1) / grows;
  return a.at + std::chrono::milliseconds(static_cast<std::int64_t>(passed));
}

}  // namespace

std::uint32_t Schedule::share_at(Moment now) const noexcept {
  const auto next = std::ranges::upper_bound(stages, now, {}, &Stage::at);
  if (next == stages.begin()) return 0;
  const Stage& last = *(next - 1);
  return is_ramp && next != stages.end() ? share_between(last, *next, now) : last.share;
}

std::optional<Moment> Schedule::moment_of(std::uint32_t bucket) const noexcept {
  const auto reached = std::ranges::upper_bound(stages, bucket, {}, &Stage::share);
  if (reached == stages.end()) return std::nullopt;
  if (!is_ramp || reached == stages.begin()) return reached->at;
  return moment_between(*(reached - 1), *reached, bucket + 1);
}

const char* fault_of(const Schedule& schedule) noexcept {
  if (schedule.stages.empty()) return "it has no stages";
  if (schedule.stages.size() > kMaxStages) return "it has more than 1,000 stages";
  const Stage* before = nullptr;
  for (const Stage& stage : schedule.stages) {
    if (stage.at < kAlways || stage.at > kLastMoment) return "the time of a stage is not from 1970 to 9999";
    if (stage.share > kWholeShare) return "the share of a stage is above 1,000,000";
    if (before != nullptr && before->at >= stage.at) return "its stages are not in the order of their times";
    if (before != nullptr && before->share > stage.share) return "its share falls, and who has moved does not move back";
    before = &stage;
  }
  return nullptr;
}

std::uint32_t bucket_of(std::string_view identity, std::uint64_t seed) noexcept {
  return static_cast<std::uint32_t>(spread(hash_name(identity, seed), kWholeShare));
}

Moment moment_of(std::chrono::system_clock::time_point time) noexcept {
  return std::max(kAlways, std::chrono::floor<std::chrono::milliseconds>(time));
}

std::chrono::system_clock::time_point time_of(const std::optional<Moment>& moment) noexcept {
  constexpr auto kEnd = std::chrono::system_clock::time_point::max();
  return moment && *moment < std::chrono::floor<std::chrono::milliseconds>(kEnd) ? std::chrono::system_clock::time_point(*moment) : kEnd;
}

}  // namespace almanac::internal
