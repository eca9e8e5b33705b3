#include "support/child_process.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <exception>
#include <iostream>
#include <system_error>

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

}  // namespace

int in_child_process(const std::function<int()>& action) {
  const pid_t child = ::fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) ::_exit(status_of(action));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
  }
  return WIFEXITED(status) && WEXITSTATUS(status) != kThrew ? WEXITSTATUS(status) : -1;
}

}  // namespace almanac::support
