#include "model/namespace_names.h"

#include <gtest/gtest.h>

#include "support/registry_builder.h"

namespace almanac::model {
namespace {

TEST(NamespaceNames, are_found_whole) {
  const Registry registry = support::registry({{"prod", {}}, {"prod/eu", {}}, {"test", {}}});
  EXPECT_EQ(find_namespace(registry, "prod/eu"), 1U);
  EXPECT_EQ(find_namespace(registry, "pro"), std::nullopt);
  EXPECT_EQ(find_namespace(registry, "zzz"), std::nullopt);
  EXPECT_EQ(find_namespace(Registry(), "prod"), std::nullopt);
}

TEST(NamespaceNames, near_ones_are_suggested_to_the_first_hundred) {
  const Registry registry = support::registry({{"prod", {}}, {"shared", {}}});
  EXPECT_EQ(unknown_namespace(registry, "shraed", {}), "\"shraed\", which no document defines; did you mean \"shared\"?");
  EXPECT_EQ(unknown_namespace(registry, "else", {}), "\"else\", which no document defines");
  EXPECT_EQ(unknown_namespace(registry, "shraed", Problems(100)), "\"shraed\", which no document defines");
}

}  // namespace
}  // namespace almanac::model
