#include "progress/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace almanac::progress {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::EndsWith;

class ProgressLineTest : public testing::Test {
 protected:
  ~ProgressLineTest() override {
    line_.end();  // while it can still write
    std::fclose(out_);
    std::free(text_);
  }

  std::string written() {
    std::fflush(out_);
    return {text_, size_};
  }

  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* out_ = ::open_memstream(&text_, &size_);
  steady_clock::time_point now_;
  ProgressLine line_{out_, [this] { return now_; }};
};

TEST_F(ProgressLineTest, WaitsASecondAndErasesItself) {
  line_.begin("reading prod.jsonl", 1000);
  line_.advance(100, 10);
  now_ += milliseconds(999);
  line_.advance(200, 20);
  EXPECT_EQ(written(), "");
  now_ += milliseconds(1);
  line_.advance(410, 1'234'567);
  EXPECT_EQ(written(), "\r\x1b[Kreading prod.jsonl  41 %  1.2 M services");
  now_ += milliseconds(50);
  line_.advance(420, 1'300'000);
  EXPECT_THAT(written(), EndsWith("1.2 M services")) << "not renewed for every block";
  now_ += milliseconds(50);
  line_.advance(430, 1'300'000);
  EXPECT_THAT(written(), EndsWith("\r\x1b[Kreading prod.jsonl  43 %  1.3 M services"));
  line_.end();
  EXPECT_THAT(written(), EndsWith("services\r\x1b[K"));
  const std::size_t size = written().size();
  line_.end();
  EXPECT_EQ(written().size(), size);
}

TEST_F(ProgressLineTest, LeavesNothingWhenItNeverShowed) {
  line_.begin("reading a.yaml", 1);
  line_.advance(1, 1);
  line_.end();
  EXPECT_EQ(written(), "");
}

TEST_F(ProgressLineTest, SaysNoShareOfAnUnknownTotal) {
  now_ += milliseconds(2000);
  line_.begin("reading pipe.jsonl", 0);
  line_.advance(5, 5);
  EXPECT_THAT(written(), EndsWith("reading pipe.jsonl  5 services"));
}

TEST_F(ProgressLineTest, CountsBytesOfWorkWithoutServices) {
  now_ += milliseconds(2000);
  line_.begin("putting the snapshot", 2'000'000);
  line_.advance(820'000);
  EXPECT_THAT(written(), EndsWith("putting the snapshot  41 %  800.8 KiB"));
}

TEST_F(ProgressLineTest, KeepsNamesOfFilesHarmlessAndShort) {
  now_ += milliseconds(2000);
  line_.begin("reading \x1b[2J" + std::string(200, 'x') + "end.jsonl", 10);
  line_.advance(20, 0);
  EXPECT_THAT(written(), EndsWith("xxxend.jsonl  100 %  0 services"));
  EXPECT_EQ(written().find("[2J"), std::string::npos);
  EXPECT_LT(written().size(), 85U);
}

TEST(ProgressLine, IsSilentWhereNoTerminalIs) {
  std::FILE* file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  {
    ProgressLine line(file);
    line.begin("reading x", 1);
    line.advance(1, 1);
  }
  EXPECT_EQ(std::ftell(file), 0);
  std::fclose(file);
}

TEST(ShortCount, CutsToTwoDigitsOrMore) {
  EXPECT_EQ(short_count(0), "0");
  EXPECT_EQ(short_count(999), "999");
  EXPECT_EQ(short_count(1000), "1.0 k");
  EXPECT_EQ(short_count(41'299), "41.2 k");
  EXPECT_EQ(short_count(1'250'000), "1.2 M");
  EXPECT_EQ(short_count(18'000'000'000), "18.0 G");
}

}  // namespace
}  // namespace almanac::progress
