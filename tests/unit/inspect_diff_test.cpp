#include "inspect/diff.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "inspect/print_diff.h"
#include "inspect/print_json.h"
#include "inspect_compiled.h"
#include "inspect_printed.h"

namespace almanac::inspect {
namespace {

std::string printed(const DiffReport& report, bool colours = false, std::uint64_t most_lines = UINT64_MAX) {
  return printed_by([&](Output& output) { print_text(report, colours, output, most_lines); });
}

std::string text_diff(const std::string& before, const std::string& after, const Selection& selection = {}) {
  return printed(diff(compiled(before).snapshot, compiled(after).snapshot, selection));
}

// A service "s" of namespace "n" with these members.
std::string service(const std::string& members) { return R"({"namespace":"n","name":"s",)" + members + "}\n"; }

TEST(Diff, of_the_same_services_is_empty_whatever_their_source_is_called) {
  const std::string line = R"({"namespace":"n","name":"s","value":"1"})";
  const Compiled before = compiled("{\"registry\":\"r\",\"revision\":\"1\"}\n" + line);
  const Compiled after = compiled("{\"registry\":\"r\",\"revision\":\"2\"}\n" + line);
  const DiffReport report = diff(before.snapshot, after.snapshot);
  EXPECT_TRUE(report.same());
  EXPECT_EQ(report.unchanged, 1U);
  EXPECT_EQ(printed(report), "~ revision: \"1\" -> \"2\"\nsame: 1 service\n");
}

TEST(Diff, finds_what_came_went_and_changed) {
  EXPECT_EQ(text_diff(R"({"namespace":"a","name":"gone","endpoints":["tcp://h:1"]}
{"namespace":"a","name":"kept","value":"1"}
{"namespace":"a","name":"other","value":"1"}
{"namespace":"old","name":"x","value":"1"}
{"namespace":"same","name":"x","value":"1"})",
                      R"({"namespace":"a","name":"kept","value":"1"}
{"namespace":"a","name":"new","value":"two\nlines"}
{"namespace":"a","name":"other","value":"2"}
{"namespace":"empty"}
{"namespace":"same","name":"x","value":"1"})"),
            "namespace a\n"
            "  - gone  tcp://h:1\n"
            "  + new  \"two\\nlines\"\n"
            "  ~ other\n"
            "    ~ value: \"1\" -> \"2\"\n"
            "+ namespace empty\n"
            "- namespace old\n"
            "  - x  \"1\"\n"
            "different: 1 added, 2 removed, 1 changed, 2 unchanged\n");
}

TEST(Diff, prints_no_more_lines_than_wanted_and_says_so) {
  const Compiled before = compiled(R"({"namespace":"a","name":"one","value":"1"})");
  const Compiled after = compiled(R"({"namespace":"a","name":"two","value":"2"}
{"namespace":"b","name":"x","value":"1"})");
  const DiffReport report = diff(before.snapshot, after.snapshot);
  const auto cut = [&](std::uint64_t most_lines) { return printed(report, false, most_lines); };
  const std::string numbers = "different: 2 added, 1 removed, 0 changed, 0 unchanged\n";
  const std::string all = "namespace a\n  - one  \"1\"\n  + two  \"2\"\n+ namespace b\n  + x  \"1\"\n" + numbers;
  EXPECT_EQ(cut(UINT64_MAX), all);
  EXPECT_EQ(cut(5), all);
  EXPECT_EQ(cut(4), "namespace a\n  - one  \"1\"\n  + two  \"2\"\n+ namespace b\n… and 1 more line\n" + numbers);
  EXPECT_EQ(cut(0), "… and 5 more lines\n" + numbers);
}

TEST(Diff, an_empty_namespace_that_came_is_a_difference) {
  EXPECT_EQ(text_diff(R"({"namespace":"a"})", "{\"namespace\":\"a\"}\n{\"namespace\":\"b\"}"),
            "+ namespace b\ndifferent: 0 added, 0 removed, 0 changed, 0 unchanged\n");
}

TEST(Diff, compares_every_field_of_a_service) {
  EXPECT_EQ(text_diff(service(R"("description":"d","value":"","tags":["a","b"],"attributes":{"k":"1","l":"1"},"endpoints":["tcp://h:1"])"),
                      service(R"("tags":["b","c"],"attributes":{"k":"2","m":""},"endpoints":["tcp://h:1"])")),
            "namespace n\n"
            "  ~ s\n"
            "    - description: \"d\"\n"
            "    - value: \"\"\n"
            "    - tag a\n"
            "    + tag c\n"
            "    ~ attribute k: \"1\" -> \"2\"\n"
            "    - attribute l: \"1\"\n"
            "    + attribute m: \"\"\n"
            "different: 0 added, 0 removed, 1 changed, 0 unchanged\n");
}

TEST(Diff, compares_endpoints_by_their_uris) {
  EXPECT_EQ(
      text_diff(
          service(R"("endpoints":[{"uri":"tcp://a:1","weight":90,"version":"1.0.0"},{"uri":"tcp://b:1"}])"),
          service(R"("endpoints":[{"uri":"tcp://c:1"},{"uri":"tcp://a:1","weight":10,"zone":"z","tags":["t"],"attributes":{"k":"v"}}])")),
      "namespace n\n"
      "  ~ s\n"
      "    - endpoint tcp://b:1\n"
      "    + endpoint tcp://c:1\n"
      "    ~ endpoint tcp://a:1\n"
      "      - version: \"1.0.0\"\n"
      "      ~ weight: 90 -> 10\n"
      "      + zone: \"z\"\n"
      "      + tag t\n"
      "      + attribute k: \"v\"\n"
      "different: 0 added, 0 removed, 1 changed, 0 unchanged\n");
}

TEST(Diff, the_order_of_endpoints_counts) {
  EXPECT_EQ(text_diff(service(R"("endpoints":["tcp://a:1","tcp://b:1"])"), service(R"("endpoints":["tcp://b:1","tcp://a:1"])")),
            "namespace n\n  ~ s\n    ~ endpoints: in another order\ndifferent: 0 added, 0 removed, 1 changed, 0 unchanged\n");
}

TEST(Diff, endpoints_of_one_uri_are_matched_in_their_order) {
  EXPECT_EQ(text_diff(service(R"("endpoints":[{"uri":"tcp://a:1","zone":"x"},{"uri":"tcp://a:1","zone":"y"}])"),
                      service(R"("endpoints":[{"uri":"tcp://a:1","zone":"x"},{"uri":"tcp://a:1","zone":"z"},{"uri":"tcp://a:1"}])")),
            "namespace n\n"
            "  ~ s\n"
            "    ~ endpoint tcp://a:1\n"
            "      ~ zone: \"y\" -> \"z\"\n"
            "    + endpoint tcp://a:1\n"
            "different: 0 added, 0 removed, 1 changed, 0 unchanged\n");
}

TEST(Diff, looks_at_the_selected_part_only) {
  const std::string before = R"({"namespace":"a","name":"p/x","value":"1","tags":["t"]}
{"namespace":"a","name":"q","value":"1"}
{"namespace":"b","name":"p/x","value":"1"})";
  const std::string after = R"({"namespace":"a","name":"p/x","value":"1"}
{"namespace":"a","name":"q","value":"2"}
{"namespace":"c","name":"p/y","value":"1"})";
  EXPECT_EQ(text_diff(before, after, {.namespace_name = {}, .prefix = "", .tags = {"t"}}),
            "namespace a\n  ~ p/x\n    - tag t\ndifferent: 0 added, 0 removed, 1 changed, 0 unchanged\n");
  EXPECT_EQ(text_diff(before, after, {.namespace_name = "b", .prefix = "", .tags = {}}),
            "- namespace b\n  - p/x  \"1\"\ndifferent: 0 added, 1 removed, 0 changed, 0 unchanged\n");
  EXPECT_EQ(text_diff(before, after, {.namespace_name = "a", .prefix = "r", .tags = {}}), "same: 0 services\n");
  EXPECT_THROW((void)text_diff(before, after, {.namespace_name = "d", .prefix = "", .tags = {}}), Error);
}

TEST(Diff, colours_lines_and_closes_each) {
  const Compiled before = compiled(service(R"("value":"1")"));
  const Compiled after = compiled(service(R"("value":"2")"));
  EXPECT_EQ(printed(diff(before.snapshot, after.snapshot), true),
            "namespace n\n  \x1b[33m~ s\x1b[0m\n    \x1b[33m~ value: \"1\" -> \"2\"\x1b[0m\n"
            "different: 0 added, 0 removed, 1 changed, 0 unchanged\n");
}

TEST(Diff, tells_programs_the_same) {
  const Compiled before =
      compiled("{\"registry\":\"r\"}\n" + service(R"("value":"1","endpoints":["tcp://a:1",{"uri":"tcp://b:1","weight":2}])"));
  const Compiled after = compiled("{\"namespace\":\"m\"}\n" + service(R"("endpoints":[{"uri":"tcp://b:1","weight":3},"tcp://c:1"])"));
  EXPECT_EQ(printed_by([&](Output& output) { print_json(diff(before.snapshot, after.snapshot), output); }),
            R"({"change":"added","namespace":"m"}
{"change":"changed","namespace":"n","name":"s","fields":[{"change":"removed","field":"value","old":"1"},{"change":"removed","field":"endpoints","old":{"uri":"tcp://a:1"}},{"change":"changed","field":"endpoints","uri":"tcp://b:1","fields":[{"change":"changed","field":"weight","old":2,"new":3}]},{"change":"added","field":"endpoints","new":{"uri":"tcp://c:1"}}]}
{"summary":{"same":false,"added":0,"removed":0,"changed":1,"unchanged":0,"registry":{"old":"r","new":""}}}
)");
}

}  // namespace
}  // namespace almanac::inspect
