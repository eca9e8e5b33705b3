// A lookup neither allocates nor makes a system call. The kernel holds us to the second: behind a filter of seccomp(2)
// that lets nothing but exit through, any other call ends the process with SIGSYS. (Its strict mode does that too, but
// forbids rdtsc besides, by which the clock is read without a call.)
#include <almanac/registry.h>
#include <almanac/snapshot.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "allocation_count.h"
#include "every_lookup.h"
#include "lookup_registry.h"
#include "support/clean_environment.h"
#include "support/late_work.h"
#include "support/ruled_registry.h"
#include "support/schedules.h"
#include "support/scripted_store.h"
#include "support/temporary_directory.h"

// ThreadSanitizer gives every child a thread of its own, which goes on when the confined one has left; and
// there are no threads here for it to watch.
#if !defined(ALMANAC_THREAD_SANITIZER)

namespace almanac::lookup {
namespace {

constexpr std::uint64_t kRounds = 100'000;
constexpr int kSilent = 42;
constexpr int kAllocated = 43;
constexpr int kNotConfined = 44;
constexpr int kNotAsked = 45;

bool confine() noexcept {
  std::array<sock_filter, 4> filter = {{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
  }};
  const sock_fprog program = {filter.size(), filter.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

// exit_group, which _exit() makes, is not allowed there. Not [[noreturn]], before which AddressSanitizer
// makes a system call of its own.
void leave(int status) noexcept { ::syscall(SYS_exit, status); }

// The wait status of a child that is confined and then runs `action`, which returns its exit status.
template <class Action>
int confined(const Action& action) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (!confine()) leave(kNotConfined);
    leave(action());
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return status;
}

testing::AssertionResult exited_with(int expected, int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == expected) return testing::AssertionSuccess();
  if (WIFSIGNALED(status)) return testing::AssertionFailure() << "killed by signal " << WTERMSIG(status);
  return testing::AssertionFailure() << "exit status " << WEXITSTATUS(status);
}

// Whether the clock, which pick() reads, can be read without a system call. Fails, and says why, on a machine where it cannot.
testing::AssertionResult clock_is_silent() {
  const int status = confined([] { return std::chrono::system_clock::now().time_since_epoch().count() != 0 ? kSilent : kNotAsked; });
  const testing::AssertionResult result = exited_with(kSilent, status);
  if (result) return result;
  std::string source = "unknown";
  std::ifstream("/sys/devices/system/clocksource/clocksource0/current_clocksource") >> source;
  return testing::AssertionFailure() << result.message()
                                     << ": reading the clock is a system call here, because the kernel's vDSO cannot read"
                                     << " this machine's clock source, " << source << "; run this on a machine with tsc, kvm-clock,"
                                     << " hyperv_clocksource_tsc_page or arch_sys_counter, or without vdso=0";
}

std::uint64_t ask_all_rounds(const Namespace& name_space) noexcept {
  std::uint64_t sum = 0;
  for (std::uint64_t round = 0; round < kRounds; ++round) sum += ask_everything(name_space, round);
  return sum;
}

class LookupIsSilent : public testing::Test {
 protected:
  std::vector<std::byte> bytes_ = lookup_snapshot();
  Snapshot snapshot_ = Snapshot::from_bytes(bytes_, "x");
  Namespace prod_ = snapshot_.in("prod");
};

TEST_F(LookupIsSilent, no_lookup_allocates) {
  const std::uint64_t before = allocation_count();
  const std::uint64_t sum = ask_all_rounds(prod_);
  const std::uint64_t after = allocation_count();
  EXPECT_EQ(after - before, 0U);
  EXPECT_NE(sum, 0U);
}

// The child uses nothing of the fixture: UndefinedBehaviorSanitizer looks into the type of an object with
// virtual functions by a system call.
TEST_F(LookupIsSilent, no_lookup_makes_a_system_call) {
  ASSERT_TRUE(clock_is_silent());
  const int status = confined([prod = prod_] {
    const std::uint64_t before = allocation_count();
    if (ask_all_rounds(prod) == 0) return kNotAsked;
    return allocation_count() == before ? kSilent : kAllocated;
  });
  EXPECT_TRUE(exited_with(kSilent, status));
}

// Half of all keys have moved.
class KeysAreSilent : public testing::Test {
 protected:
  KeysAreSilent() { support::await_late_work(view_); }
  static Registry open(const std::filesystem::path& cache_directory) {
    const std::vector<std::string> names = {"blue", "green"};
    support::RuledSnapshot rules(names);
    rules.rule("blue", {}, {{"green", support::always(50 * support::kPercent)}}, internal::RolloutBy::kKey);
    const auto store = std::make_shared<support::ScriptedStore>();
    const std::vector<std::byte> snapshot = support::with_rules(support::snapshot_of_frames(names, "1"), rules);
    (void)store->publish_as(support::announcement_of(1, snapshot), snapshot);
    RegistryOptions options;
    options.cache_directory = cache_directory;
    return Registry::open(store, options);
  }
  // How many of the keys 0 … kRounds-1 have moved.
  static std::uint64_t moved(const View& view) noexcept {
    std::uint64_t count = 0;
    for (std::uint64_t round = 0; round < kRounds; ++round) {
      const std::string_view key(reinterpret_cast<const char*>(&round), sizeof round);
      const auto found = view.for_key(key).find("users");
      count += static_cast<std::uint64_t>(found && found->uri() == "http://green/1");
    }
    return count;
  }

  support::CleanEnvironment environment_;
  support::TemporaryDirectory folder_;
  View view_ = open(folder_.path()).view();
};

TEST_F(KeysAreSilent, no_key_allocates) {
  const std::uint64_t before = allocation_count();
  const std::uint64_t count = moved(view_);
  const std::uint64_t after = allocation_count();
  EXPECT_EQ(after - before, 0U);
  EXPECT_NEAR(static_cast<double>(count), kRounds / 2.0, kRounds / 50.0);
}

TEST_F(KeysAreSilent, no_key_makes_a_system_call) {
  const int status = confined([&view = view_] {
    const std::uint64_t before = allocation_count();
    if (moved(view) == 0) return kNotAsked;
    return allocation_count() == before ? kSilent : kAllocated;
  });
  EXPECT_TRUE(exited_with(kSilent, status));
}

// Every answer depends on what was asked: the rounds really looked at something.
TEST_F(LookupIsSilent, answers_differ_from_round_to_round) {
  EXPECT_EQ(ask_everything(prod_, 1), ask_everything(prod_, 1));
  EXPECT_NE(ask_everything(prod_, 1), ask_everything(prod_, 2));
  EXPECT_TRUE(prod_.contains("service/0"));
  EXPECT_FALSE(prod_.contains("service/300"));
}

// What the tests above would see of a lookup that broke its promise, and of a clock that the vDSO cannot read.
TEST(LookupIsNotSilent, a_system_call_kills) {
  const int status = confined([] {
    (void)::syscall(SYS_getppid);
    return kSilent;
  });
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGSYS);
}

TEST(LookupIsNotSilent, an_allocation_counts) {
  const auto counted = [](auto allocate) {
    const std::uint64_t before = allocation_count();
    allocate();
    return allocation_count() - before;
  };
  void* volatile memory = nullptr;  // so that the compiler cannot do without
  EXPECT_EQ(counted([] {}), 0U);
  EXPECT_GE(counted([&] { memory = ::operator new(10); }), 1U);
  ::operator delete(memory);
  EXPECT_GE(counted([&] { memory = ::operator new(64, std::align_val_t{64}); }), 1U);
  ::operator delete(memory, std::align_val_t{64});
  EXPECT_GE(counted([&] { memory = std::malloc(10); }), 1U);
  EXPECT_GE(counted([&] { memory = std::realloc(memory, 1000); }), 1U);
  std::free(memory);
  EXPECT_GE(counted([&] { memory = std::calloc(10, 2); }), 1U);
  std::free(memory);
}

// A first lookup in a namespace inflates it; that much is known to allocate.
TEST(LookupIsNotSilent, opening_a_namespace_allocates) {
  const std::vector<std::byte> bytes = lookup_snapshot();
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "x");
  const std::uint64_t before = allocation_count();
  (void)snapshot.in("prod");
  EXPECT_GT(allocation_count(), before);
}

}  // namespace
}  // namespace almanac::lookup

#endif
