#include "inspect/follow/shell_command.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <system_error>

#include "inspect/time_span.h"

namespace almanac::inspect {
namespace {

using Clock = std::chrono::steady_clock;

// After a stop signal: as long as who sent that may be expected to wait.
constexpr std::chrono::seconds kGrace(5);

class SpawnSettings {
 public:
  SpawnSettings() {
    sigset_t defaults;
    ::sigemptyset(&defaults);
    ::sigaddset(&defaults, SIGPIPE);  // which this program ignores
    (void)::posix_spawnattr_init(&attributes_);
    (void)::posix_spawnattr_setsigdefault(&attributes_, &defaults);
    (void)::posix_spawnattr_setpgroup(&attributes_, 0);
    (void)::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    (void)::posix_spawn_file_actions_init(&actions_);
    (void)::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    (void)::posix_spawnattr_destroy(&attributes_);
    (void)::posix_spawn_file_actions_destroy(&actions_);
  }
  [[nodiscard]] const posix_spawnattr_t* attributes() const noexcept { return &attributes_; }
  [[nodiscard]] const posix_spawn_file_actions_t* actions() const noexcept { return &actions_; }

 private:
  posix_spawnattr_t attributes_{};
  posix_spawn_file_actions_t actions_{};
};

std::string outcome_text(int status) {
  if (WIFSIGNALED(status)) return "was ended by signal " + std::to_string(WTERMSIG(status));
  if (WEXITSTATUS(status) != 0) return "ended with status " + std::to_string(WEXITSTATUS(status));
  return "";
}

}  // namespace

std::string run_shell_command(const std::string& command, std::chrono::milliseconds timeout, const StopSignals& signals) {
  std::string shell = "sh";
  std::string option = "-c";
  std::string text = command;
  const std::array<char*, 4> arguments = {shell.data(), option.data(), text.data(), nullptr};
  const SpawnSettings settings;
  const StopSignals::HandedOn handed_on(signals);
  pid_t child = 0;
  const int failure = ::posix_spawn(&child, "/bin/sh", settings.actions(), settings.attributes(), arguments.data(), environ);
  if (failure != 0) return "cannot be run: " + std::generic_category().message(failure);

  Clock::time_point until = Clock::now() + timeout;
  bool is_killed = false;
  for (int status = 0;;) {
    if (::waitpid(child, &status, is_killed ? 0 : WNOHANG) == child) {
      return is_killed ? "was stopped: it had not ended after " + span_text(timeout) : outcome_text(status);
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    if (left.count() <= 0) {
      if (::kill(-child, SIGKILL) != 0) return "had not ended after " + span_text(timeout) + ", and cannot be killed";
      is_killed = true;
      continue;
    }
    const int signal = handed_on.next_within(left);
    if (signal == 0) continue;
    (void)::kill(-child, signal);
    until = std::min(until, Clock::now() + kGrace);
  }
}

}  // namespace almanac::inspect
