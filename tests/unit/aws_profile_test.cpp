#include "store/aws_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "bytes.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/temporary_directory.h"

namespace almanac::internal {
namespace {

using support::error_from;
using support::IsError;
using support::kNowhere;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

Environment environment(Environment::Variables variables) { return Environment(std::move(variables)); }

TEST(AwsProfileTest, reads_the_file_as_the_aws_tools_do) {
  const Profiles profiles = parse_profiles(
      "\xEF\xBB\xBF# a comment\n"
      "; another\r\n"
      "[default]\r\n"
      "aws_access_key_id=ID\r\n"
      "AWS_Secret_Access_Key   =  a/b+c==  # behind it\n"
      "\n"
      "[ profile   \"dev\" ]   ; and here\n"
      "  region = eu-west-1\n"
      "  s3 =\n"
      "    region = not this one\n"
      "    addressing_style = path\n"
      "  output = a;b#c\n"
      "[default]\n"
      "aws_access_key_id = ID2",
      "file");
  EXPECT_THAT(profiles,
              ElementsAre(Pair("default", ElementsAre(Pair("aws_access_key_id", "ID2"), Pair("aws_secret_access_key", "a/b+c=="))),
                          Pair("profile dev", ElementsAre(Pair("output", "a;b#c"), Pair("region", "eu-west-1"), Pair("s3", "")))));
  EXPECT_THAT(parse_profiles("", "file"), IsEmpty());
}

TEST(AwsProfileTest, says_which_line_is_wrong_and_not_what_it_holds) {
  const auto problem_of = [](const char* text) { return error_from([&] { (void)parse_profiles(text, "file"); }); };
  EXPECT_THAT(problem_of("[default]\nsecretsecret\n"), IsError(ErrorCode::kInvalidArgument, "file:2", kNowhere, "neither"));
  EXPECT_THAT(problem_of("[default]\nsecretsecret\n").what(), testing::Not(testing::HasSubstr("secretsecret")));
  EXPECT_THAT(problem_of("\n\nregion = x\n"), IsError(ErrorCode::kInvalidArgument, "file:3", kNowhere, "before the first"));
  EXPECT_THAT(problem_of("[default\n"), IsError(ErrorCode::kInvalidArgument, "file:1", kNowhere, "\"]\""));
  EXPECT_THAT(problem_of("[default] x\n"), IsError(ErrorCode::kInvalidArgument, "file:1", kNowhere, "\"]\""));
  EXPECT_THAT(problem_of("[ ]\n"), IsError(ErrorCode::kInvalidArgument, "file:1", kNowhere, "no name"));
  EXPECT_THAT(problem_of("[default]\n= x\n"), IsError(ErrorCode::kInvalidArgument, "file:2", kNowhere, "no name"));
}

TEST(AwsProfileTest, a_file_that_is_not_there_has_no_profiles) {
  const support::TemporaryDirectory folder;
  EXPECT_THAT(read_profiles(folder / "none"), IsEmpty());
  EXPECT_THAT(read_profiles(""), IsEmpty());
  EXPECT_THAT(error_from([&] { (void)read_profiles(folder.path()); }),
              IsError(ErrorCode::kInputOutput, folder.path().string(), kNowhere, "not a regular file"));
  support::write_bytes(folder / "large", as_bytes(std::string(1024 * 1024 + 1, '\n')));
  EXPECT_THAT(error_from([&] { (void)read_profiles(folder / "large"); }),
              IsError(ErrorCode::kLimitExceeded, (folder / "large").string(), kNowhere, "over 1 MiB"));
}

TEST(AwsProfileTest, the_environment_says_where_the_files_are) {
  EXPECT_EQ(credentials_path(environment({{"HOME", "/h"}})), "/h/.aws/credentials");
  EXPECT_EQ(config_path(environment({{"HOME", "/h"}})), "/h/.aws/config");
  EXPECT_EQ(credentials_path(environment({{"HOME", "/h"}, {"AWS_SHARED_CREDENTIALS_FILE", "~/c"}})), "/h/c");
  EXPECT_EQ(config_path(environment({{"AWS_CONFIG_FILE", "/etc/c"}})), "/etc/c");
  EXPECT_EQ(credentials_path(environment({})), "");
  EXPECT_EQ(profile_name(environment({})), "default");
  EXPECT_EQ(profile_name(environment({{"AWS_PROFILE", "dev"}})), "dev");
  EXPECT_EQ(config_section("default"), "default");
  EXPECT_EQ(config_section("dev"), "profile dev");
}

}  // namespace
}  // namespace almanac::internal
