#include "model/rollout_kinds.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace almanac::model {
namespace {

using internal::kMaxStages;
using internal::Stage;
using std::chrono::milliseconds;

// A share for each step, from the first on, until `up_to`; of too many for a schedule, one more than it can have.
template <typename Next>
std::vector<std::uint32_t> shares_until(std::uint32_t up_to, std::uint32_t first, Next&& next) {
  std::vector<std::uint32_t> shares;
  std::uint64_t share = first;
  for (; share < up_to && shares.size() < kMaxStages; share = next(share)) shares.push_back(static_cast<std::uint32_t>(share));
  shares.push_back(up_to);
  return shares;
}

Schedule in_steps(Moment from, const std::vector<std::uint32_t>& shares, const Pace& pace) {
  Schedule schedule;
  const auto steps = static_cast<std::int64_t>(shares.size());
  for (std::int64_t step = 1; step <= steps; ++step) {
    const milliseconds passed = pace.unit == Pace::Unit::kStep ? step * pace.time : step * pace.time / steps;
    schedule.stages.push_back({from + passed, shares[static_cast<std::size_t>(step - 1)]});
  }
  return schedule;
}

}  // namespace

Schedule always(std::uint32_t share) { return {{{internal::kAlways, share}}, false}; }

Schedule all_at(Moment moment) { return {{{moment, kWholeShare}}, false}; }

Schedule canary(Moment from, std::uint32_t share, milliseconds time) { return {{{from, share}, {from + time, kWholeShare}}, false}; }

Schedule linear(Moment from, std::uint32_t step, const Pace& pace, std::uint32_t up_to) {
  return in_steps(from, shares_until(up_to, step, [step](std::uint64_t share) { return share + step; }), pace);
}

Schedule even(Moment from, milliseconds time, std::uint32_t up_to) { return {{{from, 0}, {from + time, up_to}}, true}; }

Schedule exponential(Moment from, std::uint32_t start, const Pace& pace, std::uint32_t up_to) {
  return in_steps(from, shares_until(up_to, start, [](std::uint64_t share) { return share * 2; }), pace);
}

}  // namespace almanac::model
