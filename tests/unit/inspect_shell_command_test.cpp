#include "inspect/follow/shell_command.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <csignal>

#include "bytes.h"
#include "support/file_bytes.h"
#include "support/temporary_directory.h"

namespace almanac::inspect {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using ::testing::StartsWith;

std::string text_in(const std::filesystem::path& file) { return std::string(internal::as_text(support::read_bytes(file))); }

TEST(ShellCommand, says_how_it_ended) {
  StopSignals signals;
  EXPECT_EQ(run_shell_command("exit 0", minutes(1), signals), "");
  EXPECT_EQ(run_shell_command("exit 3", minutes(1), signals), "ended with status 3");
  EXPECT_EQ(run_shell_command("kill -9 $$", minutes(1), signals), "was ended by signal 9");
  EXPECT_EQ(run_shell_command("/nowhere/at/all 2>/dev/null", minutes(1), signals), "ended with status 127");
  EXPECT_FALSE(signals.came());
}

TEST(ShellCommand, is_given_nothing_to_read_and_no_signals_held_back) {
  const support::TemporaryDirectory folder;
  const std::string file = (folder / "seen").string();
  StopSignals signals;
  // It would hang, or survive, otherwise.
  EXPECT_EQ(run_shell_command("cat > " + file + "; kill -TERM $$; sleep 60", minutes(1), signals), "was ended by signal 15");
  EXPECT_EQ(text_in(file), "");
}

TEST(ShellCommand, is_killed_with_its_children_when_it_takes_too_long) {
  const support::TemporaryDirectory folder;
  const std::string file = (folder / "pid").string();
  StopSignals signals;
  EXPECT_THAT(run_shell_command("trap '' TERM; sleep 600 & echo $! > " + file + "; wait", milliseconds(300), signals),
              StartsWith("was stopped: it had not ended after 300 ms"));
  const pid_t child = std::stoi(text_in(file));
  // It is nobody's child that could be waited for here; whoever adopts it takes its time.
  for (int i = 0; i < 500 && ::kill(child, 0) == 0; ++i) {
    const std::string state = text_in("/proc/" + std::to_string(child) + "/stat");
    if (state.find(") Z ") != std::string::npos) return;
    ::usleep(10'000);
  }
  EXPECT_NE(::kill(child, 0), 0);
}

TEST(ShellCommand, is_told_of_a_stop_signal_and_waited_for) {
  const support::TemporaryDirectory folder;
  const std::string file = (folder / "seen").string();
  StopSignals signals;
  // The command itself sends it, once it can be told.
  const std::string command =
      "trap 'echo told > " + file + "; exit 0' TERM; kill -TERM " + std::to_string(::getpid()) + "; while :; do sleep 0.05; done";
  EXPECT_EQ(run_shell_command(command, minutes(1), signals), "");
  EXPECT_EQ(text_in(file), "told\n");
  EXPECT_TRUE(signals.came());
  EXPECT_TRUE(signals.wait_for(minutes(10)));
}

}  // namespace
}  // namespace almanac::inspect
