#include "inspect/export/identifier.h"

#include <gmock/gmock.h>

#include <string>
#include <string_view>

namespace almanac::inspect {
namespace {

TEST(Identifier, is_the_name_where_every_byte_is_safe) {
  EXPECT_EQ(identifier_of("Users-2.a_b"), "almanac-Users-2.a_b");
  EXPECT_EQ(identifier_of("a-0123456789abcde"), "almanac-a-0123456789abcde");
}

TEST(Identifier, has_a_digest_where_a_byte_was_changed) {
  EXPECT_THAT(identifier_of("payments/api"), ::testing::MatchesRegex("almanac-payments_api-[0-9a-f]{16}"));
  EXPECT_THAT(identifier_of("gr\xC3\xB6\xC3\x9F"
                            "e"),
              ::testing::MatchesRegex("almanac-gr____e-[0-9a-f]{16}"));
}

TEST(Identifier, is_of_one_name_alone) {
  EXPECT_NE(identifier_of("a/b"), identifier_of("a b"));
  EXPECT_NE(identifier_of("a/b"), identifier_of("A/b"));
  // Also where it was chosen to be another's.
  const std::string chosen = identifier_of("a/b").substr(std::string_view("almanac-").size());
  EXPECT_NE(identifier_of(chosen), identifier_of("a/b"));
}

}  // namespace
}  // namespace almanac::inspect
