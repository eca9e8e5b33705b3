#include "late_work.h"

#include <unistd.h>

#include <system_error>
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

}  // namespace

LateWork::~LateWork() {
  if (!thread_) return;
  if (process_ == ::getpid()) {
    thread_->join();
  } else {
    (void)thread_.release();  // there is nothing behind it to wait for, or to let go of
  }
}

void LateWork::add(std::function<void()> work) {
  // After a fork the mutex may be held by a thread that is not there.
  if (process_ != 0 && process_ != ::getpid()) return attempt(work);
  {
    const std::scoped_lock lock(mutex_);
    waiting_.push(std::move(work));
    if (running_) return;
    if (thread_) thread_->join();  // it has found nothing more
    thread_.reset();
    try {
      thread_ = std::make_unique<std::thread>([this] { run(); });
      process_ = ::getpid();
      running_ = true;
      return;
    } catch (const std::system_error&) {
      work = std::move(waiting_.front());
      waiting_.pop();
    }
  }
  attempt(work);
}

void LateWork::run() {
  std::unique_lock lock(mutex_);
  while (!waiting_.empty()) {
    const std::function<void()> work = std::move(waiting_.front());
    waiting_.pop();
    lock.unlock();
    attempt(work);
    lock.lock();
  }
  running_ = false;
}

}  // namespace almanac::internal
