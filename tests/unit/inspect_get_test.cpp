#include "inspect/get.h"

#include <gtest/gtest.h>

#include <string>

#include "inspect/print_text.h"
#include "inspect_compiled.h"
#include "inspect_printed.h"

namespace almanac::inspect {
namespace {

const std::string kLines = R"({"namespace":"a","name":"users","value":"1"}
{"namespace":"b","name":"users","value":"2"}
{"namespace":"b","name":"orders","value":"3"})";

TEST(Get, finds_a_name_in_every_namespace_that_has_it) {
  const Compiled all = compiled(kLines);
  const GetReport report = get(all.snapshot, {"orders", "users"}, {});
  ASSERT_EQ(report.found.size(), 3U);
  EXPECT_EQ(report.found[0].service.name(), "orders");
  EXPECT_EQ(report.found[1].namespace_name, "a");
  EXPECT_EQ(report.found[2].namespace_name, "b");
  EXPECT_EQ(report.found[2].service.value(), "2");
  EXPECT_TRUE(report.misses.empty());
}

TEST(Get, suggests_near_names_each_once) {
  const Compiled all = compiled(kLines);
  const GetReport report = get(all.snapshot, {"usres", "orders"}, {});
  ASSERT_EQ(report.misses.size(), 1U);
  EXPECT_EQ(report.found.size(), 1U);
  EXPECT_EQ(message_of(report.misses[0], {}, "x.almanac"), "x.almanac: no service \"usres\"; did you mean \"users\"?");
}

TEST(Get, says_which_other_namespace_has_it) {
  const Compiled all = compiled(kLines);
  const Selection selection{.namespace_name = "a", .prefix = "", .tags = {}};
  const GetReport report = get(all.snapshot, {"orders"}, selection);
  ASSERT_EQ(report.misses.size(), 1U);
  EXPECT_EQ(message_of(report.misses[0], selection, "x.almanac"),
            "x.almanac: no service \"orders\" in namespace \"a\"; there is one in \"b\"");
}

TEST(Get, escapes_what_it_was_asked_for) {
  const Compiled all = compiled(kLines);
  const GetReport report = get(all.snapshot, {"\x1b[31m"}, {});
  ASSERT_EQ(report.misses.size(), 1U);
  EXPECT_EQ(message_of(report.misses[0], {}, "x"), "x: no service \"\\x1b[31m\"");
}

TEST(Get, shows_every_field_and_lines_that_belong_together) {
  const Compiled all = compiled(
      R"({"namespace":"n","name":"s","description":"d","value":"one\ntwo","tags":["t","u"],"attributes":{"k":"v\u0007","l":"w"},"endpoints":["tcp://h:1",{"uri":"tcp://i:1","version":"1.0.0","weight":1000,"zone":"z","tags":["x"],"attributes":{"m":"n"}}]})");
  EXPECT_EQ(printed(get(all.snapshot, {"s"}, {})),
            "namespace    n\n"
            "name         s\n"
            "description  d\n"
            "value        one\n"
            "             two\n"
            "tags         t, u\n"
            "attributes   k = v\\x07\n"
            "             l = w\n"
            "endpoint 1   tcp://h:1\n"
            "  weight     1\n"
            "endpoint 2   tcp://i:1\n"
            "  version    1.0.0\n"
            "  weight     1,000\n"
            "  zone       z\n"
            "  tags       x\n"
            "  attributes m = n\n");
}

}  // namespace
}  // namespace almanac::inspect
