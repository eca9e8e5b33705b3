#include "publish/store_clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/hooked_store.h"
#include "support/store_keys.h"
#include "support/temporary_directory.h"

namespace almanac::publish {
namespace {

using std::chrono::system_clock;
using support::HookedStore;
using support::StoreCall;

class StoreClockTest : public testing::Test {
 protected:
  support::TemporaryDirectory folder_;
  std::shared_ptr<Store> store_ = open_store(folder_.path().string());
};

// A directory moves the time of an object on by a second with each version: that must not add up.
TEST_F(StoreClockTest, is_that_of_what_is_written_now_however_often_it_is_asked) {
  // A file's time is that of the last tick of the kernel's clock.
  const auto before = system_clock::now() - std::chrono::seconds(1);
  for (int i = 0; i < 100; ++i) {
    const auto now = store_time(*store_);
    EXPECT_GE(now, before);
    EXPECT_LE(now, system_clock::now() + std::chrono::milliseconds(10));
  }
  EXPECT_THAT(support::keys_of(*store_, ""), testing::IsEmpty());
}

TEST_F(StoreClockTest, is_asked_again_where_somebody_removes_what_it_was_seen_by) {
  int removed = 0;
  HookedStore hooked(store_, [&](const StoreCall& call) {
    if (call.kind == StoreCall::Kind::kList && removed++ < 2) store_->remove(call.key);
  });
  EXPECT_LE(std::chrono::abs(store_time(hooked) - system_clock::now()), std::chrono::minutes(1));
  EXPECT_EQ(removed, 3);
}

}  // namespace
}  // namespace almanac::publish
