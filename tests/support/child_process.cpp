#include "support/child_process.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <exception>
#include <iostream>

#include "support/system_failure.h"

namespace almanac::support {

namespace {

constexpr int kThrew = 98;

int status_of(const std::function<int()>& action) {
  try {
    return action();
  } catch (const std::exception& error) {
    std::cerr << "in a child process: " << error.what() << '\n';
    return kThrew;
  }
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw_errno("waitpid");
  }
  return WIFEXITED(status) && WEXITSTATUS(status) != kThrew ? WEXITSTATUS(status) : -1;
}

}  // namespace

int in_child_process(const std::function<int()>& action) { return in_child_processes(1, action).front(); }

std::vector<int> in_child_processes(int count, const std::function<int()>& action) {
  std::array<int, 2> gate{};
  if (::pipe(gate.data()) != 0) throw_errno("pipe");
  std::vector<pid_t> children;
  for (int i = 0; i < count; ++i) {
    const pid_t child = ::fork();
    if (child < 0) throw_errno("fork");
    if (child == 0) {
      // Ends when the parent closes the other end: then all are there.
      ::close(gate[1]);
      char byte = 0;
      while (::read(gate[0], &byte, 1) < 0 && errno == EINTR) continue;
      ::_exit(status_of(action));
    }
    children.push_back(child);
  }
  ::close(gate[0]);
  ::close(gate[1]);
  std::vector<int> statuses;
  for (const pid_t child : children) statuses.push_back(wait_for(child));
  return statuses;
}

}  // namespace almanac::support
