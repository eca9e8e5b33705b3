// A name server that does not answer: the C library waits for it 10 seconds and more, and nobody can make it stop.
#include <almanac/store.h>
#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include <atomic>
#include <chrono>
#include <string_view>
#include <thread>

#include "support/error_matchers.h"

namespace {

constexpr std::string_view kSlowName = "slow.invalid";
std::atomic<bool> asked = false;
std::atomic<bool> may_answer = false;
std::atomic<bool> answered = false;

}  // namespace

// What libcurl calls, in this program.
extern "C" __attribute__((visibility("default"))) int getaddrinfo(const char* name, const char* service, const addrinfo* hints,
                                                                  addrinfo** result) {
  if (name == nullptr || name != kSlowName) {
    static const auto real = reinterpret_cast<decltype(&getaddrinfo)>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    return real(name, service, hints, result);
  }
  asked = true;
  // Long enough, should somebody wait for it after all.
  for (int i = 0; i < 3000 && !may_answer; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  answered = true;
  return EAI_AGAIN;
}

namespace almanac {
namespace {

using support::error_from;

void expect_impatience(Deadline GetOptions::*limit) {
  asked = may_answer = answered = false;
  StoreOptions options;
  options.max_attempts = 1;
  const auto store = open_store("https://slow.invalid/registry", options);
  GetOptions get;
  get.*limit = std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
  EXPECT_EQ(error_from([&] { (void)store->get("current", get); }).code(), ErrorCode::kTimedOut);
  ASSERT_TRUE(asked);
  EXPECT_FALSE(answered);
  // The thread that asks goes on alone, and ends with its answer.
  may_answer = true;
  while (!answered) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

TEST(NameServer, is_not_waited_for_beyond_the_deadline) { expect_impatience(&GetOptions::deadline); }

TEST(NameServer, is_not_waited_for_when_the_answer_is_late) { expect_impatience(&GetOptions::answer_by); }

}  // namespace
}  // namespace almanac
