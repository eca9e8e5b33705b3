#include "served_namespaces.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <ostream>
#include <string>
#include <vector>

#include "snapshot_data.h"
#include "support/error_matchers.h"
#include "support/ruled_registry.h"
#include "support/schedules.h"

namespace almanac::internal {
namespace {

using support::error_from;
using support::IsError;
using support::kNowhere;
using support::kPercent;
using support::RuledSnapshot;
using testing::AllOf;
using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr Moment kStart = Moment(1'800'000'000s);

// Precedence: named, then the rules, then the only one there is, or was.
struct Case {
  const char* name;
  std::vector<std::string> namespaces;
  bool has_rules;  // "b" for the role "web", none for others
  const char* named;
  const char* usual;
  const char* role;
  const char* served;  // nullptr: an error
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class PrecedenceTest : public testing::TestWithParam<Case> {};

TEST_P(PrecedenceTest, is_as_documented) {
  const Case& given = GetParam();
  RuledSnapshot crafted(given.namespaces);
  if (given.has_rules) crafted.rule("b", {{"role", {"web"}}});
  const std::vector<std::byte> file = crafted.assemble();
  const Snapshot snapshot = Snapshot::from_bytes(file, "x");
  const Caller caller = Caller().set("role", given.role);
  const auto served = [&] { return open_namespaces(snapshot, {given.named, given.usual, caller}, kStart); };
  if (given.served == nullptr) {
    EXPECT_EQ(error_from([&] { (void)served(); }).object(), "x");
    return;
  }
  const ServedNamespaces namespaces = served();
  EXPECT_EQ(namespaces.default_namespace.name(), given.served);
  EXPECT_EQ(namespaces.rule != nullptr, given.has_rules && *given.named == '\0');
  EXPECT_EQ(namespaces.next, std::chrono::system_clock::time_point::max());
}

INSTANTIATE_TEST_SUITE_P(Every, PrecedenceTest,
                         testing::Values(Case{"named_before_rules", {"a", "b", "c"}, true, "c", "", "web", "c"},
                                         Case{"named_without_rules", {"a", "b"}, false, "a", "b", "", "a"},
                                         Case{"named_but_missing", {"a", "b"}, true, "x", "a", "web", nullptr},
                                         Case{"rule", {"a", "b"}, true, "", "", "web", "b"},
                                         Case{"rule_before_what_was_the_only_one", {"a", "b"}, true, "", "a", "web", "b"},
                                         Case{"no_rule_matches", {"a", "b"}, true, "", "a", "other", nullptr},
                                         Case{"no_rule_matches_with_only_one", {"b"}, true, "", "", "other", nullptr},
                                         Case{"the_only_one", {"b"}, false, "", "", "web", "b"},
                                         Case{"what_was_the_only_one", {"a", "b"}, false, "", "a", "web", "a"},
                                         Case{"what_was_the_only_one_and_is_gone", {"b"}, false, "", "a", "web", nullptr},
                                         Case{"several_and_no_rules", {"a", "b"}, false, "", "", "web", nullptr},
                                         Case{"none_at_all", {}, false, "", "", "web", nullptr}),
                         [](const auto& one) { return std::string(one.param.name); });

class ServedNamespacesTest : public testing::Test {
 protected:
  [[nodiscard]] ServedNamespaces served(Moment at) {
    if (!snapshot_) {
      file_ = crafted_.assemble();
      snapshot_ = Snapshot::from_bytes(file_, "x");
    }
    return open_namespaces(*snapshot_, {"", "", caller_}, at);
  }
  [[nodiscard]] static std::string name_for(const ServedNamespaces& namespaces, const std::string& key, Moment at) {
    return std::string(namespaces.keys.value().find(key, at).name());
  }

  RuledSnapshot crafted_{{"blue", "green", "red"}};
  std::vector<std::byte> file_;
  std::optional<Snapshot> snapshot_;
  Caller caller_ = Caller().set("instance", "i-1").set("role", "web");
};

TEST_F(ServedNamespacesTest, what_was_tried_is_told) {
  crafted_.rule("blue", {{"role", {"api"}}}).rule("green", {{"stage", {"live", "prod"}}});
  EXPECT_THAT(
      error_from([&] { (void)served(kStart); }),
      IsError(ErrorCode::kNotFound, "x", kNowhere,
              "no namespace for the caller instance=i-1,role=web: none of its 2 caller rules matches; rule 1: role is \"web\", and "
              "it wants \"api\"; rule 2: stage is not known, and it wants \"live\" or \"prod\"; give properties by "
              "ALMANAC_CALLER or RegistryOptions::caller, or a namespace by ALMANAC_NAMESPACE; inspect-snapshot explain tells more"));
}

TEST_F(ServedNamespacesTest, without_rules_that_is_told) {
  EXPECT_THAT(error_from([&] { (void)served(kStart); }),
              IsError(ErrorCode::kInvalidArgument, "x", kNowhere, "has no caller rules; neither"));
}

TEST_F(ServedNamespacesTest, where_a_name_that_is_not_there_came_from_is_told) {
  crafted_.rule("blue", {});
  (void)served(kStart);
  EXPECT_THAT(error_from([&] {
                (void)open_namespaces(*snapshot_, {"bleu", "", caller_}, kStart);
              }),
              IsError(ErrorCode::kNotFound, "x", kNowhere,
                      "has no namespace \"bleu\"; it has \"blue\", \"green\", \"red\"; RegistryOptions::namespace_name or "
                      "ALMANAC_NAMESPACE names \"bleu\""));
}

TEST_F(ServedNamespacesTest, a_caller_moves_at_its_moment) {
  crafted_.rule("blue", {}, {{"green", support::ramp(kStart, 1000s)}});
  const ServedNamespaces before = served(kStart);
  EXPECT_EQ(before.default_namespace.name(), "blue");
  EXPECT_FALSE(before.keys);
  const Moment moment = before.move.moment.value();
  EXPECT_GT(moment, kStart);
  EXPECT_LE(moment, kStart + 1000s);
  EXPECT_EQ(before.next, std::chrono::system_clock::time_point(moment));
  EXPECT_EQ(served(moment - 1ms).default_namespace.name(), "blue");
  const ServedNamespaces after = served(moment);
  EXPECT_EQ(after.default_namespace.name(), "green");
  EXPECT_EQ(after.next, std::chrono::system_clock::time_point::max());
}

TEST_F(ServedNamespacesTest, who_is_in_no_rollout_stays) {
  crafted_.rule("blue", {}, {{"green", support::always(0)}});
  EXPECT_EQ(served(kStart).default_namespace.name(), "blue");
  EXPECT_EQ(served(kStart).next, std::chrono::system_clock::time_point::max());
}

TEST_F(ServedNamespacesTest, each_rollout_of_a_rule_has_callers_of_its_own) {
  crafted_.rule("blue", {}, {{"green", support::always(30 * kPercent)}, {"red", {{{kStart, 20 * kPercent}}, false}}});
  std::map<std::string, int> before;
  std::map<std::string, int> after;
  constexpr int kCallers = 2000;
  for (int i = 0; i < kCallers; ++i) {
    caller_.set("instance", "i-" + std::to_string(i));
    const std::string first(served(kStart - 1ms).default_namespace.name());
    const std::string then(served(kStart).default_namespace.name());
    ++before[first];
    ++after[then];
    EXPECT_TRUE(first == then || (first == "blue" && then == "red"));
  }
  EXPECT_EQ(before["red"], 0);
  EXPECT_EQ(before["green"], after["green"]);
  EXPECT_NEAR(after["green"], kCallers * 30 / 100, 80);
  EXPECT_NEAR(after["red"], kCallers * 20 / 100, 80);
}

TEST_F(ServedNamespacesTest, keys_move_when_their_share_has_begun) {
  crafted_.rule("blue", {}, {{"green", support::always(50 * kPercent)}, {"red", {{{kStart, 0}, {kStart + 10s, 50 * kPercent}}, true}}},
                RolloutBy::kKey);
  const ServedNamespaces before = served(kStart);
  EXPECT_EQ(before.default_namespace.name(), "blue");
  EXPECT_EQ(before.next, std::chrono::system_clock::time_point(kStart + 1ms));  // the first millionths
  const ServedNamespaces after = served(kStart + 1ms);
  EXPECT_EQ(after.default_namespace.name(), "blue");
  EXPECT_EQ(after.next, std::chrono::system_clock::time_point::max());
  int green = 0;
  constexpr int kKeys = 1000;
  for (int i = 0; i < kKeys; ++i) {
    const std::string key = "customer-" + std::to_string(i);
    const std::string first = name_for(before, key, kStart);
    green += static_cast<int>(first == "green");
    // What is not open is not served, whatever the time.
    EXPECT_EQ(name_for(before, key, kStart + 10s), first);
    EXPECT_EQ(name_for(after, key, kStart + 10s), first == "green" ? "green" : "red");
  }
  EXPECT_NEAR(green, kKeys / 2, 80);
  EXPECT_EQ(name_for(after, "", kStart + 10s), "blue");
}

TEST_F(ServedNamespacesTest, a_key_is_told_apart_as_choose_does) {
  crafted_.rule("blue", {}, {{"green", support::ramp(kStart, 1000s)}}, RolloutBy::kKey);
  const ServedNamespaces namespaces = served(kStart + 500s);
  for (int i = 0; i < 500; ++i) {
    const std::string key = std::to_string(i);
    EXPECT_EQ(name_for(namespaces, key, kStart + 500s), snapshot_->choose(caller_, key, kStart + 500s).namespace_name);
  }
}

}  // namespace
}  // namespace almanac::internal
