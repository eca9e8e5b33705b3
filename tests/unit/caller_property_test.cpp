#include "model/caller_property.h"

#include <gtest/gtest.h>

#include <string>

namespace almanac::model {
namespace {

TEST(CallerProperty, standard_ones_tags_and_others_are_well) {
  for (const std::string_view name : kCallerProperties) EXPECT_EQ(caller_property_fault(name), std::nullopt) << name;
  for (const char* name : {"tag.stage", "tag.rol", "tag.a.b", "team", "customer.tier", "x", "größe", "zone.id", "session", "reason",
                           "status", "function_name", "instances_of", "my own"}) {
    EXPECT_EQ(caller_property_fault(name), std::nullopt) << name;
  }
}

TEST(CallerProperty, a_near_miss_is_told_what_was_meant) {
  EXPECT_EQ(caller_property_fault("rol"), "unknown property \"rol\"; did you mean \"role\"? (one of your own may be named \"tag.rol\")");
  EXPECT_EQ(caller_property_fault("Region"),
            "unknown property \"Region\"; did you mean \"region\"? (one of your own may be named \"tag.Region\")");
  EXPECT_EQ(
      caller_property_fault("service-account"),
      "unknown property \"service-account\"; did you mean \"service_account\"? (one of your own may be named \"tag.service-account\")");
  EXPECT_EQ(caller_property_fault("tags.team"), "unknown property \"tags.team\"; did you mean \"tag.team\"?");
  EXPECT_EQ(caller_property_fault("tag"), "unknown property \"tag\"; did you mean \"tag.NAME\"?");
}

// Other names are somebody's own.
TEST(CallerProperty, a_near_miss_is_one_letter_off_or_two_that_changed_places) {
  for (const char* name : {"state", "roel", "instancee", "nstance", "kubernetes-namespace", "serviceaccount", "FUNCTION"}) {
    EXPECT_NE(caller_property_fault(name), std::nullopt) << name;
  }
}

TEST(CallerProperty, has_the_limits_of_the_format) {
  EXPECT_EQ(caller_property_fault("tag.a=b"), "property must not hold \"=\", got \"tag.a=b\"");
  EXPECT_EQ(caller_property_fault(" team"), "property must not begin or end with a blank, got \" team\"");
  EXPECT_EQ(caller_property_fault("team "), "property must not begin or end with a blank, got \"team \"");
  EXPECT_EQ(caller_property_fault(""), "property must not be empty");
  EXPECT_EQ(caller_property_fault("tag." + std::string(251, 'x')), std::nullopt);
  EXPECT_EQ(caller_property_fault("tag." + std::string(252, 'x')), "property must be at most 255 bytes, got 256");
  EXPECT_EQ(caller_property_fault("tag.\n"), "property must not hold control characters, got \"tag.\\n\"");
}

}  // namespace
}  // namespace almanac::model
