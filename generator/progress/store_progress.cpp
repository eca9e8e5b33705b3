#include "progress/store_progress.h"

namespace almanac::progress {

namespace {

// Less is there before anybody could read how far it has come.
constexpr std::uint64_t kWorthShowing = std::uint64_t{64} << 10U;

}  // namespace

void StoreProgress::begin(std::string_view work, std::uint64_t total) {
  const std::scoped_lock lock(mutex_);
  work_ = work;
  total_ = total;
}

void StoreProgress::step(std::uint64_t done) {
  const std::scoped_lock lock(mutex_);
  line_.begin(work_, total_);
  line_.step(done);
}

void StoreProgress::end() {
  const std::scoped_lock lock(mutex_);
  line_.end();
}

void StoreProgress::transfer(std::uint64_t done, std::uint64_t total) {
  if (total < kWorthShowing && done < kWorthShowing) return;
  const std::scoped_lock lock(mutex_);
  // Each object has a total of its own, and where one ends and the next begins is not told.
  line_.begin(work_, total);
  line_.advance(done);
}

}  // namespace almanac::progress
