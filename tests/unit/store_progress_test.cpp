#include "progress/store_progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace almanac::progress {
namespace {

using testing::EndsWith;
using testing::IsEmpty;

class StoreProgressTest : public testing::Test {
 protected:
  ~StoreProgressTest() override {
    line_.end();  // while it can still write
    std::fclose(out_);
    std::free(text_);
  }

  // What the line shows by now; each look comes long after the one before.
  std::string shown() {
    std::fflush(out_);
    now_ += std::chrono::seconds(2);
    const std::string text(text_, size_);
    const std::size_t begin = text.rfind('\r');
    return begin == std::string::npos ? "" : text.substr(begin + 4);
  }

  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* out_ = ::open_memstream(&text_, &size_);
  std::chrono::steady_clock::time_point now_;
  ProgressLine line_{out_, [this] { return now_; }};
  StoreProgress progress_{line_};
};

TEST_F(StoreProgressTest, each_object_has_its_own_total) {
  EXPECT_THAT(shown(), IsEmpty());
  progress_.begin("reading the store", 0);
  progress_.transfer(2'500'000, 5'000'000);
  EXPECT_EQ(shown(), "reading the store  50 %  2.4 MiB");
  progress_.transfer(5'000'000, 5'000'000);
  EXPECT_EQ(shown(), "reading the store  100 %  4.8 MiB");
  // The next one, of which nothing was told before this.
  progress_.begin("putting the snapshot", 0);
  progress_.transfer(6'000'000, 20'000'000);
  EXPECT_EQ(shown(), "putting the snapshot  30 %  5.7 MiB");
  progress_.transfer(20'000'000, 20'000'000);
  EXPECT_EQ(shown(), "putting the snapshot  100 %  19.1 MiB");
  progress_.transfer(300'000, 3'000'000);
  EXPECT_EQ(shown(), "putting the snapshot  10 %  293.0 KiB");
  progress_.transfer(900'000, 0);
  EXPECT_EQ(shown(), "putting the snapshot  878.9 KiB");
}

TEST_F(StoreProgressTest, counts_objects_and_shows_the_large_ones_among_them) {
  EXPECT_THAT(shown(), IsEmpty());
  progress_.begin("removing snapshots", 300);
  progress_.transfer(170, 170);
  EXPECT_THAT(shown(), IsEmpty());
  progress_.step(123);
  EXPECT_EQ(shown(), "removing snapshots  41 %  123 of 300");
  progress_.transfer(1'000'000, 2'000'000);
  EXPECT_EQ(shown(), "removing snapshots  50 %  976.6 KiB");
  progress_.step(124);
  EXPECT_EQ(shown(), "removing snapshots  41 %  124 of 300");
  progress_.end();
  EXPECT_THAT(shown(), IsEmpty());
}

}  // namespace
}  // namespace almanac::progress
