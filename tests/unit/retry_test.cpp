#include "store/retry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <stdexcept>
#include <vector>

#include "support/error_matchers.h"

namespace almanac::internal {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using support::error_from;
using support::IsError;
using support::kNowhere;
using testing::AllOf;
using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

HttpResponse answer(int status, std::string retry_after = {}) {
  HttpResponse response;
  response.status = status;
  if (!retry_after.empty()) response.headers.emplace_back("retry-after", std::move(retry_after));
  return response;
}

HttpFailure failure(bool may_help) { return {ErrorCode::kInputOutput, "an object", "the connection was reset", true, may_help}; }

class Retries : public testing::Test {
 protected:
  // What comes of a sequence of attempts; the last one goes on for good.
  HttpResponse run(const std::vector<std::function<HttpResponse()>>& script, Deadline deadline = Deadline::max()) {
    attempts_ = 0;
    waits_.clear();
    policy_.wait = [this](milliseconds wait) { waits_.push_back(wait); };
    return send_with_retries(policy_, deadline, [&] {
      const std::size_t next = std::min(attempts_, script.size() - 1);
      ++attempts_;
      return script[next]();
    });
  }
  static std::function<HttpResponse()> answers(int status, std::string retry_after = {}) {
    return [=] { return answer(status, retry_after); };
  }
  static std::function<HttpResponse()> fails(bool may_help = true) {
    return [=]() -> HttpResponse { throw failure(may_help); };
  }

  RetryPolicy policy_;
  std::size_t attempts_ = 0;
  std::vector<milliseconds> waits_;
};

TEST_F(Retries, an_answer_is_taken_at_once) {
  for (const int status : {200, 206, 304, 403, 404, 409, 412, 501}) {
    EXPECT_EQ(run({answers(status)}).status, status);
    EXPECT_EQ(attempts_, 1U);
    EXPECT_THAT(waits_, IsEmpty());
  }
}

TEST_F(Retries, what_passes_is_asked_for_again) {
  for (const int status : {408, 429, 500, 502, 503, 504}) {
    EXPECT_EQ(run({answers(status), answers(200)}).status, 200);
    EXPECT_EQ(attempts_, 2U);
  }
  EXPECT_EQ(run({fails(), answers(503), answers(200)}).status, 200);
  EXPECT_EQ(attempts_, 3U);
}

TEST_F(Retries, the_last_attempt_is_the_outcome) {
  EXPECT_EQ(run({fails(), fails(), answers(503)}).status, 503);
  EXPECT_EQ(attempts_, 3U);
  EXPECT_THAT(error_from([&] {
                (void)run({answers(503), fails()});
              }),
              IsError(ErrorCode::kInputOutput, "an object", kNowhere, "was reset"));
  EXPECT_EQ(attempts_, 3U);
  policy_.max_attempts = 1;
  EXPECT_EQ(run({answers(503)}).status, 503);
  EXPECT_EQ(attempts_, 1U);
  EXPECT_THAT(waits_, IsEmpty());
}

TEST_F(Retries, what_would_fail_again_is_not_repeated) {
  EXPECT_THROW((void)run({fails(false)}), HttpFailure);
  EXPECT_EQ(attempts_, 1U);
  EXPECT_THROW((void)run({[]() -> HttpResponse { throw Error(ErrorCode::kLimitExceeded, "x", "is too large"); }}), Error);
  EXPECT_EQ(attempts_, 1U);
  EXPECT_THROW((void)run({[]() -> HttpResponse { throw std::domain_error("the caller's"); }}), std::domain_error);
  EXPECT_EQ(attempts_, 1U);
}

TEST_F(Retries, waits_grow_and_are_drawn_from_the_whole_span) {
  policy_.max_attempts = 40;
  policy_.base = milliseconds(100);
  policy_.cap = milliseconds(1000);
  std::vector<milliseconds> first;
  std::vector<milliseconds> capped;
  for (int i = 0; i < 100; ++i) {
    (void)run({answers(503)});
    ASSERT_THAT(waits_, SizeIs(39));
    milliseconds most(100);
    for (const milliseconds wait : waits_) {
      EXPECT_THAT(wait, AllOf(Ge(milliseconds(0)), Le(most)));
      most = std::min(most * 2, milliseconds(1000));
    }
    first.push_back(waits_.front());
    capped.push_back(waits_.back());
  }
  // 100 draws that all miss a half: once in 2^100.
  EXPECT_LT(*std::ranges::min_element(first), milliseconds(50));
  EXPECT_GT(*std::ranges::max_element(first), milliseconds(50));
  EXPECT_LT(*std::ranges::min_element(capped), milliseconds(500));
  EXPECT_GT(*std::ranges::max_element(capped), milliseconds(500));
}

TEST_F(Retries, the_server_may_say_how_long) {
  const Deadline deadline = std::chrono::steady_clock::now() + seconds(60);
  (void)run({answers(503, "7"), answers(200)}, deadline);
  EXPECT_THAT(waits_, ElementsAre(milliseconds(7000)));
  const std::time_t soon = std::time(nullptr) + 20;
  char date[64];
  ASSERT_GT(std::strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", std::gmtime(&soon)), 0U);
  (void)run({answers(503, date), answers(200)}, deadline);
  EXPECT_THAT(waits_, ElementsAre(AllOf(Ge(seconds(15)), Le(seconds(20)))));
  for (const char* text : {"0", "-5", "soon", "7 s", "Sun, 06 Nov 1994 08:49:37 GMT"}) {
    (void)run({answers(429, text), answers(200)}, deadline);
    EXPECT_THAT(waits_, ElementsAre(Le(policy_.base))) << text;
  }
}

TEST_F(Retries, never_waits_beyond_the_deadline) {
  const Deadline deadline = std::chrono::steady_clock::now() + seconds(60);
  for (const char* text : {"61", "4294967295", "99999999999999999999", "Fri, 31 Dec 2100 23:59:59 GMT"}) {
    const bool is_read = std::string_view(text).size() != 20;
    EXPECT_EQ(run({answers(503, text)}, deadline).status, 503);
    EXPECT_EQ(attempts_, is_read ? 1U : 3U) << text;
  }
  EXPECT_EQ(run({answers(503)}, std::chrono::steady_clock::now()).status, 503);
  EXPECT_EQ(attempts_, 1U);
  EXPECT_THROW((void)run({fails()}, std::chrono::steady_clock::now()), HttpFailure);
  EXPECT_EQ(attempts_, 1U);
}

TEST_F(Retries, sleeps_when_nothing_else_is_said) {
  policy_.base = milliseconds(1);
  int attempts = 0;
  EXPECT_EQ(send_with_retries(policy_, Deadline::max(), [&] { return answer(++attempts < 3 ? 503 : 200); }).status, 200);
  EXPECT_EQ(attempts, 3);
}

TEST(Earlier, is_the_earlier) {
  const auto now = std::chrono::steady_clock::now();
  EXPECT_EQ(earlier(now + seconds(5), seconds(60)), now + seconds(5));
  EXPECT_THAT(earlier(Deadline::max(), seconds(60)), AllOf(Ge(now + seconds(60)), Le(now + seconds(120))));
}

}  // namespace
}  // namespace almanac::internal
