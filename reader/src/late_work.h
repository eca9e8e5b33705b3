// Work that nobody waits for: a thread of low priority does it, one piece after another, and ends when there is none left.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>

#include "snapshot_data.h"

namespace almanac::internal {

// Threads: add() may run at once with itself.
class LateWork final : public Later {
 public:
  // Throws std::bad_alloc.
  LateWork();
  LateWork(const LateWork&) = delete;
  LateWork& operator=(const LateWork&) = delete;
  // Waits until all of it is done. A process that was forked meanwhile has nothing to wait for: no thread goes along with a fork.
  ~LateWork() override;

  // What `work` throws is dropped, and so is what there is no memory for. It is done before this returns where there can be no
  // thread, and in a process that was forked since this object was made.
  void add(std::function<void()> work) noexcept override;

 private:
  struct State;
  static void run(State& state) noexcept;
  [[nodiscard]] bool is_of_another_process() const noexcept;

  pid_t process_;
  std::unique_ptr<State> state_;
};

}  // namespace almanac::internal
