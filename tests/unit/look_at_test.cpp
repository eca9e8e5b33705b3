#include "publish/look_at.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>

#include "bytes.h"
#include "support/error_matchers.h"
#include "support/temporary_directory.h"

namespace almanac::publish {
namespace {

using internal::as_bytes;
using internal::as_text;
using support::error_from;

class LookAtTest : public testing::Test {
 protected:
  support::TemporaryDirectory folder_;
  std::unique_ptr<Store> store_ = open_store(folder_.path().string());
};

TEST_F(LookAtTest, what_is_not_there_is_nothing) {
  EXPECT_EQ(look_at(*store_, "current"), std::nullopt);
  EXPECT_EQ(look_at(*store_, "current", GetOptions{}), std::nullopt);
}

TEST_F(LookAtTest, gives_as_much_as_is_asked_for) {
  ASSERT_TRUE(store_->put("current", as_bytes("0123456789"), {}));
  EXPECT_EQ(as_text(look_at(*store_, "current").value().bytes), "0");
  EXPECT_EQ(as_text(look_at(*store_, "current", 4).value().bytes), "0123");
  EXPECT_EQ(look_at(*store_, "current", 4).value().size, 10U);
  EXPECT_EQ(as_text(look_at(*store_, "current", GetOptions{}).value().bytes), "0123456789");
}

TEST_F(LookAtTest, passes_other_errors_on) {
  ASSERT_TRUE(store_->put("current", as_bytes("0123456789"), {}));
  GetOptions options;
  options.max_size = 9;
  EXPECT_EQ(error_from([&] { (void)look_at(*store_, "current", options); }).code(), ErrorCode::kLimitExceeded);
  EXPECT_EQ(error_from([&] { (void)look_at(*store_, ""); }).code(), ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace almanac::publish
