#include "store/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace almanac::internal {
namespace {

TEST(EnvironmentTest, is_that_of_the_process_as_it_was) {
  ASSERT_EQ(::setenv("ALMANAC_TEST_VARIABLE", "a=b", 1), 0);
  const Environment environment = Environment::of_process();
  ASSERT_EQ(::unsetenv("ALMANAC_TEST_VARIABLE"), 0);
  EXPECT_EQ(environment.get("ALMANAC_TEST_VARIABLE"), "a=b");
  EXPECT_EQ(Environment::of_process().get("ALMANAC_TEST_VARIABLE"), "");
}

}  // namespace
}  // namespace almanac::internal
