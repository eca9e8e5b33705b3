#include "model/field_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace almanac::model {
namespace {

using testing::HasSubstr;
using testing::Optional;

TEST(FieldRules, NamesMayHoldAnyLetterOfUtf8) {
  for (const char* name : {"a", "payments/api/max-retries", "größe", "служба", "a b", "a.b:c", ".", "a/./b", "🚀"}) {
    EXPECT_EQ(service_name_fault(name), std::nullopt) << name;
    EXPECT_EQ(namespace_name_fault(name), std::nullopt) << name;
    EXPECT_EQ(registry_name_fault(name), std::nullopt) << name;
  }
}

TEST(FieldRules, NamesHaveNoEmptyPartAndNoControlCharacter) {
  EXPECT_THAT(service_name_fault(""), Optional(HasSubstr("must not be empty")));
  EXPECT_THAT(service_name_fault("/a"), Optional(HasSubstr("must not begin with \"/\"")));
  EXPECT_THAT(service_name_fault("a/"), Optional(HasSubstr("must not end with \"/\"")));
  EXPECT_THAT(service_name_fault("/"), Optional(HasSubstr("must not begin with \"/\"")));
  EXPECT_THAT(service_name_fault("a//b"), Optional(HasSubstr("empty part")));
  for (const std::string& name : {std::string("a\nb"), std::string("\x1b[31m"), std::string("\x7f"), std::string("\xc2\x80"),
                                  std::string("\xc2\x9f"), std::string("tab\t")}) {
    EXPECT_THAT(service_name_fault(name), Optional(HasSubstr("control characters"))) << name;
  }
  EXPECT_THAT(service_name_fault(std::string("a\0b", 3)), Optional(HasSubstr("U+0000")));
  EXPECT_EQ(service_name_fault("\xc2\xa0"), std::nullopt) << "U+00A0 is no control character";
}

TEST(FieldRules, TextsAreUtf8) {
  for (const char* text : {"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "abcdefgh\x80"}) {
    EXPECT_THAT(service_name_fault(text), Optional(HasSubstr("must be UTF-8")));
    EXPECT_THAT(value_fault(text), Optional(HasSubstr("must be UTF-8")));
    EXPECT_THAT(tag_fault(text), Optional(HasSubstr("must be UTF-8")));
  }
}

struct SizeLimit {
  Fault (*rule)(std::string_view);
  std::size_t most;
};

TEST(FieldRules, SizesEndAtTheirLimits) {
  for (const auto& [rule, most] :
       {SizeLimit{registry_name_fault, 255}, SizeLimit{namespace_name_fault, 255}, SizeLimit{service_name_fault, 1024},
        SizeLimit{revision_fault, 1024}, SizeLimit{zone_fault, 255}, SizeLimit{tag_fault, 255}, SizeLimit{attribute_key_fault, 255},
        SizeLimit{attribute_value_fault, 4096}, SizeLimit{value_fault, 65536}, SizeLimit{description_fault, 65536}}) {
    EXPECT_EQ(rule(std::string(most, 'a')), std::nullopt);
    EXPECT_THAT(rule(std::string(most + 1, 'a')),
                Optional(HasSubstr("at most " + std::to_string(most) + " bytes, got " + std::to_string(most + 1))));
  }
  EXPECT_EQ(uri_fault("a:" + std::string(8190, 'b')), std::nullopt);
  EXPECT_THAT(uri_fault("a:" + std::string(8191, 'b')), Optional(HasSubstr("at most 8192 bytes")));
  EXPECT_EQ(version_fault("1.2.3-" + std::string(249, 'a')), std::nullopt);
  EXPECT_THAT(version_fault("1.2.3-" + std::string(250, 'a')), Optional(HasSubstr("at most 255 bytes")));
}

TEST(FieldRules, SomeTextsMayBeEmpty) {
  EXPECT_EQ(revision_fault(""), std::nullopt);
  EXPECT_EQ(value_fault(""), std::nullopt);
  EXPECT_EQ(description_fault(""), std::nullopt);
  EXPECT_EQ(attribute_value_fault(""), std::nullopt);
  EXPECT_NE(zone_fault(""), std::nullopt);
  EXPECT_NE(tag_fault(""), std::nullopt);
  EXPECT_NE(attribute_key_fault(""), std::nullopt);
}

TEST(FieldRules, ValuesMayHoldSeveralLines) {
  EXPECT_EQ(value_fault("one\ntwo\x1b"), std::nullopt);
  EXPECT_EQ(attribute_value_fault("one\ntwo"), std::nullopt);
  EXPECT_THAT(value_fault(std::string("\0", 1)), Optional(HasSubstr("U+0000")));
  EXPECT_THAT(revision_fault("one\ntwo"), Optional(HasSubstr("control characters")));
}

TEST(FieldRules, UrisHaveASchemeAndMore) {
  for (const char* uri : {"a:b", "https://host/path?q#f", "arn:aws:sqs:us-east-1:1:q", "tcp://[::1]:80", "x+y-z.1:/"}) {
    EXPECT_EQ(uri_fault(uri), std::nullopt) << uri;
    EXPECT_TRUE(has_scheme(uri)) << uri;
  }
  for (const char* uri : {"host", "https:", "1a:b", ":b", "//host/path", "a_b:c", "500"}) {
    EXPECT_THAT(uri_fault(uri), Optional(HasSubstr("needs a scheme"))) << uri;
    EXPECT_FALSE(has_scheme(uri)) << uri;
  }
  EXPECT_THAT(uri_fault("https://a b"), Optional(HasSubstr("must not hold spaces")));
  EXPECT_THAT(uri_fault("https://a\tb"), Optional(HasSubstr("control characters")));
  EXPECT_THAT(uri_fault(""), Optional(HasSubstr("must not be empty")));
}

// The examples of https://semver.org and their near misses.
TEST(FieldRules, VersionsAreSemantic) {
  for (const char* version : {"0.0.4", "1.2.3", "10.20.30", "1.1.2-prerelease+meta", "1.1.2+meta", "1.0.0-alpha.1", "1.0.0-0A.is.legal",
                              "1.0.0--", "2.0.0+build.01", "9007199254740991.0.9007199254740991", "1.0.0-x-y-z"}) {
    EXPECT_EQ(version_fault(version), std::nullopt) << version;
  }
  for (const char* version :
       {"1", "1.2", "1.2.3.4", "01.1.1", "1.01.1", "1.1.01", "v1.2.3", "1.2.3-", "1.2.3+", "1.2.3-01", "1.2.3-a..b", "1.2.3+a..b",
        "1.2.3-+b", "1.2.3+a+b", "-1.2.3", "1.2.x", " 1.2.3", "9007199254740992.0.0", "0.0.99999999999999999999"}) {
    EXPECT_THAT(version_fault(version),
                Optional(HasSubstr("must be semantic (MAJOR.MINOR.PATCH, as in 2.1.0 or 2.1.0-rc.1, numbers up to 9007199254740991)")))
        << version;
  }
}

TEST(FieldRules, WeightsAreDecimalAndSmall) {
  EXPECT_EQ(weight_of("0"), 0);
  EXPECT_EQ(weight_of("65535"), 65535);
  EXPECT_EQ(weight_fault("90"), std::nullopt);
  EXPECT_EQ(weight_fault("-1"), "weight must be 0 to 65535, got -1");
  EXPECT_EQ(weight_fault("65536"), "weight must be 0 to 65535, got 65536");
  EXPECT_EQ(weight_fault("1.5"), "weight must be 0 to 65535 in decimal digits, got \"1.5\"");
  for (const char* text : {"", "+1", "01", "1e2", "0x10", "1_000", " 1", "99999999999999999999999", "true"}) {
    EXPECT_EQ(weight_of(text), std::nullopt) << text;
    EXPECT_NE(weight_fault(text), std::nullopt) << text;
  }
}

TEST(FieldRules, LongTextsAreCutInMessages) {
  const auto fault = uri_fault(std::string(5000, 'x'));
  ASSERT_TRUE(fault);
  EXPECT_LT(fault->size(), 250U);
  EXPECT_THAT(*fault, HasSubstr("xxx...\""));
}

}  // namespace
}  // namespace almanac::model
