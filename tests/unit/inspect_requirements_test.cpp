#include "inspect/requirements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "inspect/print_requirements.h"
#include "inspect_compiled.h"
#include "inspect_printed.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/temporary_directory.h"

namespace almanac::inspect {
namespace {

using support::error_from;
using support::IsError;
using support::kNowhere;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string kLines =
    R"({"namespace":"prod","name":"users","endpoints":[{"uri":"https://a","version":"1.4.0"},"https://b",{"uri":"https://c","version":"2.0.0-rc.1"},{"uri":"https://d","version":"1.4.0"}]}
{"namespace":"prod","name":"limit","value":"3"}
{"namespace":"prod","name":"two words","value":""}
{"namespace":"prod","name":"\"#\\","value":""}
{"namespace":"prod","name":"a#b","value":""}
{"namespace":"staging","name":"orders","value":""})";

// Of prod, for a file with this text, which messages call F.
RequirementsReport checked(const Compiled& all, const std::string& text) {
  const support::TemporaryDirectory folder;
  const std::string path = (folder / "needs.txt").string();
  support::write_bytes(path, std::as_bytes(std::span(text)));
  RequirementsReport report = check_requirements(all.snapshot, "x.almanac", "prod", path);
  EXPECT_EQ(report.file, path);
  report.file = "F";
  return report;
}

std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts;
  for (const Requirement& requirement : parse_requirements(text, "f")) {
    parts.push_back(std::to_string(requirement.line) + "|" + requirement.name + "|" + requirement.range);
  }
  return parts;
}

TEST(Requirements, are_names_with_ranges_between_comments_and_blank_lines) {
  EXPECT_THAT(parts_of("# c\n\n users\t^1.2  # c\n  \r\na#b >=1 <3 || 5.x\r\nlast"),
              ElementsAre("3|users|^1.2", "5|a#b|>=1 <3 || 5.x", "6|last|"));
  EXPECT_THAT(parts_of("\xEF\xBB\xBFusers #^1"), ElementsAre("1|users|"));
  EXPECT_THAT(parts_of(""), IsEmpty());
}

TEST(Requirements, put_names_with_blanks_in_quotes) {
  EXPECT_THAT(parts_of("\"two words\" ^1\n\"\\\"#\\\\\"\n\"#\"\t# c"), ElementsAre("1|two words|^1", "2|\"#\\|", "3|#|"));
}

TEST(Requirements, name_the_line_that_is_none) {
  const std::pair<std::string, std::string> cases[] = {
      {"users ^^1", "version range \"^^1\""},     {"two words", "version range \"words\""},
      {"\"users", "a name in quotes has no end"}, {"\"users\\", "in a name in quotes only"},
      {"\"a\\n\"", "in a name in quotes only"},   {"\"users\"^1", "a blank must follow"},
      {"\"\"", "has a name of no character"},     {"us\xFF", "is not UTF-8"},
      {"us\x1B[2J", "holds a control character"}, {std::string("us\0", 3), "holds a control character"},
  };
  for (const auto& [line, words] : cases) {
    EXPECT_THAT(error_from([&] { (void)parse_requirements("users\n\n" + line + "\nusers", "f"); }),
                IsError(ErrorCode::kInvalidArgument, "f:3", kNowhere, words));
  }
}

TEST(Requirements, are_met_by_a_service_or_one_of_its_versions) {
  const Compiled all = compiled(kLines);
  const RequirementsReport report = checked(all, "users\nusers ^1.3\nusers >=2.0.0-rc <3\nlimit\n\"two words\"\n\"\\\"#\\\\\"\na#b");
  EXPECT_EQ(report.requirements, 7U);
  EXPECT_THAT(report.unmet, IsEmpty());
  EXPECT_EQ(printed(report), "ok: x.almanac: namespace \"prod\" has what F requires: 7 names\n");
}

TEST(Requirements, tell_what_is_missing_by_line) {
  const Compiled all = compiled(kLines);
  const RequirementsReport report = checked(all, "usres\n\nusers ^2\nlimit *\norders ^1\nlimit\nusers");
  EXPECT_EQ(printed(report),
            "F:1: no service \"usres\" in namespace \"prod\"; did you mean \"users\"?\n"
            "F:3: service \"users\" in namespace \"prod\" has no endpoint of a version in \"^2\"; it has 1.4.0, 2.0.0-rc.1\n"
            "F:4: service \"limit\" in namespace \"prod\" has no endpoint of a version in \"*\"\n"
            "F:5: no service \"orders\" in namespace \"prod\"; there is one in \"staging\"\n"
            "4 of 6 names not there as required\n");
}

TEST(Requirements, are_not_met_by_endpoints_that_nobody_should_call) {
  const Compiled all = compiled(R"({"namespace":"prod","name":"drained","endpoints":[{"uri":"https://a","version":"1.4.0","weight":0}]}
{"namespace":"prod","name":"kept","value":"3","endpoints":[{"uri":"https://a","version":"1.4.0","weight":0}]}
{"namespace":"prod","name":"moved","endpoints":[{"uri":"https://a","version":"1.4.0","weight":0},{"uri":"https://b","version":"2.0.0"}]})");
  EXPECT_EQ(printed(checked(all, "drained\ndrained ^1\nkept\nkept ^1\nmoved\nmoved ^1\nmoved ^2")),
            "F:1: service \"drained\" in namespace \"prod\" has endpoints of weight 0 alone\n"
            "F:2: service \"drained\" in namespace \"prod\" has no endpoint of a version in \"^1\"\n"
            "F:4: service \"kept\" in namespace \"prod\" has no endpoint of a version in \"^1\"\n"
            "F:6: service \"moved\" in namespace \"prod\" has no endpoint of a version in \"^1\"; it has 2.0.0\n"
            "4 of 7 names not there as required\n");
}

TEST(Requirements, are_not_met_by_an_empty_list) {
  const Compiled all = compiled(kLines);
  for (const std::string text : {"", "\n", "# nothing\n  \n"}) {
    const Error error = error_from([&] { (void)checked(all, text); });
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(error.what(), testing::HasSubstr("has no name in it")) << text;
  }
}

TEST(Requirements, are_not_met_by_a_file_that_cannot_be_read) {
  const Compiled all = compiled(kLines);
  const support::TemporaryDirectory folder;
  const std::string gone = (folder / "gone").string();
  const auto error_of = [&](const std::string& file) {
    return error_from([&] { (void)check_requirements(all.snapshot, "x", "prod", file); });
  };
  EXPECT_THAT(error_of(gone), IsError(ErrorCode::kNotFound, gone, kNowhere, "No such file"));
  const std::string directory = folder.path().string();
  EXPECT_THAT(error_of(directory), IsError(ErrorCode::kInputOutput, directory, kNowhere, "cannot be read: Is a directory"));
  const std::string large = (folder / "large").string();
  support::write_bytes(large, std::vector<std::byte>((std::size_t{16} << 20U) + 1, std::byte{'\n'}));
  EXPECT_THAT(error_of(large), IsError(ErrorCode::kLimitExceeded, large, kNowhere, "is longer than 16 MiB"));
}

}  // namespace
}  // namespace almanac::inspect
