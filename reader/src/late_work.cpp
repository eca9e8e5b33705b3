#include "late_work.h"

#include <sys/resource.h>
#include <unistd.h>

#include <exception>
#include <mutex>
#include <queue>
#include <thread>
#include <utility>

namespace almanac::internal {

namespace {

void attempt(const std::function<void()>& work) noexcept {
  try {
    work();
  } catch (...) {
    // Nobody waits for it.
  }
}

// Who waits for an answer goes first, also where all processors are busy. Late work gets a tenth of what others get then, and not
// less, as it is waited for in the end. Of this thread alone: setpriority(2), "C library/kernel differences".
void go_behind_others() noexcept {
  constexpr int kNiceness = 10;
  if (::getpriority(PRIO_PROCESS, 0) < kNiceness) (void)::setpriority(PRIO_PROCESS, 0, kNiceness);
}

}  // namespace

struct LateWork::State {
  std::mutex mutex;  // guards what follows
  std::queue<std::function<void()>> waiting;
  bool running = false;  // somebody is about to look for more
  std::thread thread;
};

LateWork::LateWork() : process_(::getpid()), state_(std::make_unique<State>()) {}

LateWork::~LateWork() {
  if (is_of_another_process()) {
    // Its thread was in the midst of anything when this process came to be: nothing of it may be touched.
    (void)state_.release();
  } else if (state_->thread.joinable()) {
    state_->thread.join();
  }
}

bool LateWork::is_of_another_process() const noexcept { return process_ != ::getpid(); }

void LateWork::add(std::function<void()> work) noexcept {
  if (is_of_another_process()) return attempt(work);
  State& state = *state_;
  {
    const std::scoped_lock lock(state.mutex);
    try {
      state.waiting.push(std::move(work));
    } catch (const std::exception&) {
      return;
    }
    if (std::exchange(state.running, true)) return;
    if (state.thread.joinable()) state.thread.join();  // it has found nothing more
    try {
      state.thread = std::thread([&state] {
        go_behind_others();
        run(state);
      });
      return;
    } catch (const std::exception&) {
      // Then here.
    }
  }
  run(state);
}

void LateWork::run(State& state) noexcept {
  std::unique_lock lock(state.mutex);
  while (!state.waiting.empty()) {
    const std::function<void()> work = std::move(state.waiting.front());
    state.waiting.pop();
    lock.unlock();
    attempt(work);
    lock.lock();
  }
  state.running = false;
}

}  // namespace almanac::internal
