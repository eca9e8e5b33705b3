#include "inspect/explain.h"

#include <almanac/store.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <random>
#include <string>

#include "inspect/print_explain.h"
#include "inspect/terminal_text.h"
#include "inspect_compiled.h"
#include "inspect_printed.h"
#include "support/crafted_rules.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/published_store.h"
#include "support/schedules.h"

namespace almanac::inspect {
namespace {

using internal::Moment;
using std::chrono::milliseconds;
using std::chrono::minutes;
using support::error_from;
using support::IsError;
using support::kNowhere;
using testing::HasSubstr;

constexpr Moment kNine = support::kStart;

const std::string kNamespaces = R"({"namespace":"blue","name":"users","value":"1"}
{"namespace":"blue","name":"old","value":"1"}
{"namespace":"green","name":"users","value":"2"}
{"namespace":"grey","name":"users","value":"3"}
)";

// Every kind of condition and rollout, and callers that no rule is for.
const std::string kRules =
    kNamespaces + R"({"callers":[)"
                  R"({"when":{"role":"arn:aws:iam::*:role/checkout-?","tag.stage":["prod","live*"]},"namespace":"blue",)"
                  R"("rollout":{"to":"green","linear":{"from":"2026-11-20T09:00:00Z","step":"20%","every":"6m"}}},)"
                  R"({"when":{"function":"report-*"},"namespace":"blue","rollout":[)"
                  R"({"to":"green","linear":{"from":"2026-11-20T09:00:00Z","over":"30m","up_to":"50%"},"by":"caller"},)"
                  R"({"to":"grey","exponential":{"from":"2026-11-20T09:10:00Z","start":"5%","over":"20m","up_to":"30%"},"by":"caller"}]},)"
                  R"({"when":{"function":["api","api-?"]},"namespace":"grey","rollout":{"to":"green","percent":"33.3333%","by":"key"}},)"
                  R"({"when":{"function":"*"},"namespace":"green","rollout":{"to":"grey","at":"2026-11-20T09:20:00Z"}},)"
                  R"({"when":{"tag.stage":"prod"},"namespace":"grey"}]})";

ExplainReport explained(const Compiled& all, const std::string& caller, Moment at = kNine, const std::string& name = "users") {
  return explain({"x.almanac", all.snapshot, std::nullopt}, {name, Caller::parse(caller, "the test"), {}, at, std::nullopt, std::nullopt});
}

template <std::size_t kSize>
std::string_view any_of(std::mt19937_64& random, const std::array<std::string_view, kSize>& texts) {
  return texts[random() % kSize];
}

Caller random_caller(std::mt19937_64& random) {
  constexpr std::array<std::string_view, 5> kRoles = {"arn:aws:iam::1:role/checkout-a", "arn:aws:iam::2:role/checkout-b",
                                                      "arn:aws:iam::2:role/checkout-é", "arn:aws:iam::2:role/checkout-bb", ""};
  constexpr std::array<std::string_view, 5> kStages = {"prod", "live", "live-eu", "dev", ""};
  constexpr std::array<std::string_view, 7> kFunctions = {"report-1", "report-", "api", "api-1", "api-10", "other", ""};
  Caller caller;
  caller.set("role", any_of(random, kRoles)).set("tag.stage", any_of(random, kStages)).set("function", any_of(random, kFunctions));
  if (random() % 8 != 0) caller.set("instance", std::to_string(random()));
  caller.set("version", std::to_string(random() % 3));
  return caller;
}

void expect_the_same(const RolloutStatus& explained, const RolloutStatus& chosen) {
  EXPECT_EQ(explained.bucket, chosen.bucket);
  EXPECT_EQ(explained.share, chosen.share);
  EXPECT_EQ(explained.moved, chosen.moved);
  EXPECT_EQ(explained.moves, chosen.moves);
}

void expect_verdicts(const ExplainReport& report) {
  for (std::size_t i = 0; i < report.rules.size(); ++i) {
    const RuleReport& rule = report.rules[i];
    const std::size_t deciding = report.choice ? report.choice->rule - 1 : report.rules.size();
    const bool all_match =
        std::ranges::all_of(rule.conditions, [](const ConditionReport& condition) { return condition.matched.has_value(); });
    if (i < deciding) {
      EXPECT_EQ(rule.verdict, RuleReport::Verdict::kDoesNotMatch);
      EXPECT_FALSE(all_match);
    } else if (i == deciding) {
      EXPECT_EQ(rule.verdict, RuleReport::Verdict::kDecides);
      EXPECT_TRUE(all_match);
    } else {
      EXPECT_EQ(rule.verdict, RuleReport::Verdict::kNotAsked);
    }
  }
}

TEST(Explain, agrees_with_the_reader_about_any_caller) {
  const Compiled all = compiled(kRules);
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::array<int, 6> decided{};  // by no rule, by each of them
  int moved = 0;
  for (int round = 0; round < 10'000; ++round) {
    const Caller caller = random_caller(random);
    const std::string key = random() % 4 == 0 ? "" : std::to_string(random());
    const Moment at = kNine + milliseconds(static_cast<std::int64_t>(random() % 2'400'000) - 300'000);
    const ExplainReport report = explain({"x.almanac", all.snapshot, std::nullopt}, {"users", caller, key, at, std::nullopt, std::nullopt});
    expect_verdicts(report);
    if (!report.choice) {
      ++decided[0];
      EXPECT_EQ(report.named_by, NamedBy::kNothing);
      EXPECT_THAT(error_from([&] { (void)all.snapshot.choose(caller, key, at); }),
                  IsError(ErrorCode::kNotFound, "x.almanac", kNowhere, "caller rules"));
      continue;
    }
    const Choice chosen = all.snapshot.choose(caller, key, at);
    EXPECT_EQ(report.namespace_name, chosen.namespace_name);
    EXPECT_EQ(report.choice->rule, chosen.rule);
    EXPECT_EQ(report.choice->base, chosen.base);
    EXPECT_EQ(report.choice->going_to, chosen.going_to);
    ASSERT_EQ(report.choice->rollout.has_value(), chosen.rollout.has_value());
    if (chosen.rollout) expect_the_same(*report.choice->rollout, *chosen.rollout);
    EXPECT_EQ(report.found.front().service.value(), all.snapshot.in(chosen.namespace_name).find("users")->value());
    ++decided.at(chosen.rule);
    moved += chosen.rollout && chosen.rollout->moved ? 1 : 0;
    if (testing::Test::HasFailure()) FAIL() << caller.text() << ", key " << key << ", at " << at.time_since_epoch().count();
  }
  for (const int count : decided) EXPECT_GT(count, 50);
  EXPECT_GT(moved, 1000);
}

TEST(Explain, tells_of_each_condition_what_the_caller_has) {
  const Compiled all = compiled(kRules);
  const ExplainReport report = explained(all, "role=arn:aws:iam::1:role/checkout-a,tag.stage=live-eu,instance=i-1");
  ASSERT_EQ(report.rules.size(), 5U);
  ASSERT_EQ(report.rules[0].conditions.size(), 2U);
  EXPECT_EQ(report.rules[0].conditions[0].matched, 0U);
  const ConditionReport& stage = report.rules[0].conditions[1];
  EXPECT_EQ(stage.condition->patterns.at(stage.matched.value()), "live*");
  EXPECT_TRUE(report.rules[1].conditions.empty());
}

TEST(Explain, a_property_that_is_mistyped_is_noted) {
  const Compiled all = compiled(kRules);
  EXPECT_THAT(explained(all, "rol=x,function=api").notes, testing::ElementsAre(R"(no caller rule asks for "rol"; did you mean "role"?)"));
  EXPECT_TRUE(explained(all, "role=x,function=api").notes.empty());
}

TEST(Explain, a_name_given_before_the_rules_counts) {
  const Compiled all = compiled(kRules);
  Question question{"users", Caller::parse("function=report-1", "the test"), {}, kNine, std::nullopt, "grey"};
  const ExplainReport by_variable = explain({"x.almanac", all.snapshot, std::nullopt}, question);
  EXPECT_EQ(by_variable.named_by, NamedBy::kVariable);
  EXPECT_EQ(by_variable.found.front().service.value(), "3");
  EXPECT_EQ(by_variable.choice->base, "blue");
  EXPECT_THAT(printed(by_variable), HasSubstr("why          ALMANAC_NAMESPACE names it, before any caller rule\n"));
  question.named_in_call = "green";
  const ExplainReport by_call = explain({"x.almanac", all.snapshot, std::nullopt}, question);
  EXPECT_EQ(by_call.named_by, NamedBy::kCall);
  EXPECT_EQ(by_call.namespace_name, "green");
  EXPECT_TRUE(by_call.elsewhere.empty());
  question.named_in_call = "gren";
  EXPECT_THAT(error_from([&] {
                (void)explain({"x.almanac", all.snapshot, std::nullopt}, question);
              }),
              IsError(ErrorCode::kNotFound, "x.almanac", kNowhere, "green"));
}

TEST(Explain, without_rules_only_a_single_namespace_is_taken) {
  const Compiled one = compiled(R"({"namespace":"blue","name":"users","value":"1"})");
  const ExplainReport report = explained(one, "");
  EXPECT_EQ(report.named_by, NamedBy::kOnlyOne);
  EXPECT_EQ(report.namespace_name, "blue");
  const ExplainReport none = explained(compiled(kNamespaces), "");
  EXPECT_EQ(none.named_by, NamedBy::kNothing);
  EXPECT_FALSE(none.has_service());
  EXPECT_THAT(printed(none), HasSubstr("why          there are 3 namespaces, no caller rules, and nothing that names one\n"));
  // A rule that is for others leaves nothing to fall back on.
  const ExplainReport ruled_out = explained(compiled(R"({"namespace":"blue","name":"users","value":"1"})"
                                                     "\n"
                                                     R"({"callers":[{"when":{"function":"x"},"namespace":"blue"}]})"),
                                            "");
  EXPECT_EQ(ruled_out.named_by, NamedBy::kNothing);
  EXPECT_THAT(printed(ruled_out), HasSubstr("why          the only caller rule does not match\n"));
}

TEST(Explain, tells_which_namespaces_of_the_rollout_lack_the_service) {
  const Compiled all = compiled(kRules);
  const ExplainReport report = explained(all, "function=report-1", kNine - minutes(5), "old");
  EXPECT_EQ(report.namespace_name, "blue");
  ASSERT_EQ(report.elsewhere.size(), 2U);
  EXPECT_EQ(report.elsewhere[0].namespace_name, "green");
  EXPECT_FALSE(report.elsewhere[0].has_it);
  EXPECT_THAT(printed(report), HasSubstr("not in       green, grey\n"));

  const ExplainReport missing = explained(all, "function=report-1", kNine - minutes(5), "olt");
  EXPECT_FALSE(missing.has_service());
  EXPECT_THAT(printed(missing), HasSubstr("service      none: no service \"olt\" in namespace \"blue\"; did you mean \"old\"?\n"));
}

TEST(Explain, tells_weights_as_shares) {
  const Compiled all = compiled(
      R"({"namespace":"n","name":"s","endpoints":[{"uri":"tcp://a:1","weight":2},{"uri":"tcp://b:1","zone":"z"},{"uri":"tcp://c:1","weight":0}]})"
      "\n"
      R"({"namespace":"n","name":"t","endpoints":[{"uri":"tcp://a:1","weight":0}]})");
  EXPECT_THAT(printed(explained(all, "", kNine, "s")), HasSubstr(" share  weight  version  zone  uri\n"
                                                                 "66.7 %       2                 tcp://a:1\n"
                                                                 "33.3 %       1           z     tcp://b:1\n"
                                                                 " 0.0 %       0                 tcp://c:1\n"));
  EXPECT_THAT(printed(explained(all, "", kNine, "t")), HasSubstr("    -       0                 tcp://a:1\n"));
}

// A snapshot may hold what no document of ours would: names are not looked at before they are shown.
TEST(Explain, text_of_others_does_not_reach_a_terminal_as_it_is) {
  support::RuledSnapshot ruled({"n\u202e"});
  ruled.rule("n\u202e", {{"tag.\u202e", {"\x1b]0;x\x07", "\u2028*"}}}).rule("n\u202e", {});
  const std::vector<std::byte> bytes = ruled.assemble();
  const Compiled all{bytes, Snapshot::from_bytes(bytes, "x.almanac")};
  const std::string text = printed(explained(all, "tag.\u202e=\x1b[2J,\x1b]0;=\xc2\x9b", kNine, "s\x1b[2J"));
  for (const char* hidden : {"\x1b", "\x07", "\xc2\x9b", "\u202e", "\u2028"})
    EXPECT_EQ(text.find(hidden), std::string::npos) << visible(hidden);
  EXPECT_THAT(text, HasSubstr("  - tag.\\u202e: \"\\x1b[2J\" matches none of \"\\x1b]0;x\\x07\", \"\\u2028*\"\n"));
  EXPECT_THAT(text, HasSubstr("caller       \\x1b]0;=\\u009b,tag.\\u202e=\\x1b[2J\n"));
}

TEST(Explain, says_of_a_value_that_is_too_long_to_match_how_long_it_is) {
  const Compiled all = compiled("{\"namespace\":\"n\"}\n{\"callers\":[{\"when\":{\"role\":\"*\"},\"namespace\":\"n\"}]}\n");
  EXPECT_THAT(printed(explained(all, "role=" + std::string(1025, 'r'), kNine, "s")),
              HasSubstr("  - role: 1,025 bytes, and nothing matches more than 1,024\n"));
  EXPECT_THAT(printed(explained(all, "role=" + std::string(1024, 'r'), kNine, "s")), HasSubstr("  + role: "));
}

// A store whose second generation comes in phases.
class ExplainPhase : public testing::Test {
 protected:
  ExplainPhase() {
    const std::shared_ptr<Store> store = open_store(root_);
    const Compiled first = compiled(R"({"namespace":"n","name":"users","value":"first"})");
    const Compiled second = compiled(R"({"namespace":"n","name":"users","value":"second"})");
    (void)support::publish_with(publish::Publisher(store), first.bytes);
    (void)support::publish_with(publish::Publisher(store), second.bytes);
    internal::Announcement live = open_subject(root_).publication.value();
    internal::GenerationRollout rollout;
    rollout.previous_generation = 1;
    rollout.previous_id = first.snapshot.id();
    rollout.previous_size = first.bytes.size();
    rollout.previous_published = support::kPublished;
    rollout.previous_revision = "r1";
    rollout.seed = 2;
    rollout.schedule = {{{kNine, 0}, {kNine + minutes(30), kWholeShare}}, true};
    live.rollout = rollout;
    rollout_ = rollout;
    support::write_bytes(folder_ / "current", internal::encode_announcement(live));
  }

  [[nodiscard]] ExplainReport asked(const std::string& caller, Moment at) const {
    return explain(open_subject(root_), {"users", Caller::parse(caller, "the test"), {}, at, std::nullopt, std::nullopt});
  }

  support::TemporaryDirectory folder_;
  std::string root_ = folder_.path().string();
  internal::GenerationRollout rollout_;
};

TEST_F(ExplainPhase, explains_against_the_generation_that_this_instance_has) {
  int moved = 0;
  for (int i = 0; i < 200; ++i) {
    const std::string caller = "instance=i-" + std::to_string(i);
    const Moment at = kNine + minutes(12);
    const bool has_it = rollout_.status_for(Caller::parse(caller, "the test"), at).moved;
    const ExplainReport report = asked(caller, at);
    EXPECT_EQ(report.found.front().service.value(), has_it ? "second" : "first");
    EXPECT_EQ(report.subject.publication->generation, has_it ? 2U : 1U);
    ASSERT_TRUE(report.phase);
    EXPECT_EQ(report.phase->status.share, 400'000U);
    moved += has_it ? 1 : 0;
  }
  EXPECT_GT(moved, 40);
  EXPECT_LT(moved, 120);
}

TEST_F(ExplainPhase, says_when_the_instance_moves_and_what_those_without_one_have) {
  const ExplainReport report = asked("instance=i-1", kNine - minutes(1));
  EXPECT_EQ(report.found.front().service.value(), "first");
  const std::string text = printed(report);
  EXPECT_THAT(text, HasSubstr("generation   1, published 2023-11-14T22:13:20Z\n"));
  EXPECT_THAT(text, HasSubstr("\nmoves        to generation 2 at 2026-11-20T09:"));
  EXPECT_THAT(text, HasSubstr("; 0 % have moved)\n"));
  EXPECT_THAT(text, HasSubstr("phase        generation 2 comes by instance, and 0 % have it\n"));
  EXPECT_THAT(printed(asked("instance=i-1", kNine + minutes(30))), HasSubstr("\nmoved        to generation 2, due since 2026-11-20T09:"));
  EXPECT_THAT(printed(asked("", kNine + minutes(12))), HasSubstr("40 % have it; the caller has no instance, so it stays"));
  const ExplainReport whole = asked("", kNine + minutes(30));
  EXPECT_EQ(whole.found.front().service.value(), "second");
  EXPECT_THAT(printed(whole), HasSubstr("generation 2 came by instance, and all have it\n"));
}

TEST_F(ExplainPhase, the_snapshot_before_is_missed_only_where_it_is_needed) {
  std::filesystem::remove(folder_ / internal::snapshot_key(rollout_.previous_id));
  EXPECT_EQ(asked("instance=i-1", kNine + minutes(30)).found.front().service.value(), "second");
  EXPECT_EQ(error_from([&] { (void)asked("instance=i-1", kNine); }).code(), ErrorCode::kNotFound);
}

TEST_F(ExplainPhase, a_file_holds_one_generation_alone) {
  Subject subject = open_subject(root_);
  subject.name = "acme.bundle";
  subject.store = nullptr;
  const Question question{"users", Caller::parse("instance=i-1", "the test"), {}, kNine, std::nullopt, std::nullopt};
  EXPECT_THAT(error_from([&] { (void)explain(subject, question); }),
              IsError(ErrorCode::kNotFound, "acme.bundle", kNowhere, "generation 2 alone, and this caller has that of 1; name the store"));
}

}  // namespace
}  // namespace almanac::inspect
