#include "publish/guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/registry_builder.h"

namespace almanac::publish {
namespace {

using support::numbered_services;
using support::service;
using testing::ElementsAre;
using testing::IsEmpty;

GuardFigures next_to_live(std::uint64_t live, std::uint64_t removed) {
  GuardFigures figures;
  figures.is_first = false;
  figures.live = live;
  figures.removed = removed;
  figures.services = live - removed + 1;
  figures.size = 2848;
  return figures;
}

TEST(Guard, says_in_one_line_what_it_looked_at) {
  const GuardReport report = guard(next_to_live(95, 2), {});
  EXPECT_TRUE(report.passed());
  EXPECT_EQ(report.figures, "2 of 95 services removed (2.1 %, at most 20 %), no namespace removed, 2,848 bytes");
}

TEST(Guard, has_nothing_to_compare_the_first_generation_with) {
  GuardFigures figures;
  figures.services = 1;
  figures.size = 1;
  EXPECT_EQ(guard(figures, {}).figures, "the first generation, 1 service, 1 byte");
  EXPECT_THAT(guard(figures, {}).refusals, IsEmpty());
}

TEST(Guard, takes_as_many_removed_services_as_the_limit_says_and_not_one_more) {
  EXPECT_THAT(guard(next_to_live(100, 20), {}).refusals, IsEmpty());
  EXPECT_THAT(guard(next_to_live(100, 21), {}).refusals,
              ElementsAre("21 of 100 services removed (21 %, at most 20 %); --max-removed 21 lets it through"));
  GuardLimits limits;
  limits.max_removed = 21;
  EXPECT_THAT(guard(next_to_live(100, 21), limits).refusals, IsEmpty());
  limits.max_removed = 0;
  EXPECT_THAT(guard(next_to_live(100, 0), limits).refusals, IsEmpty());
  EXPECT_THAT(guard(next_to_live(100'000, 1), limits).refusals,
              ElementsAre("1 of 100,000 services removed (0.001 %, at most 0 %); --max-removed 1 lets it through"));
  limits.max_removed = 100;
  EXPECT_THAT(guard(next_to_live(100, 100), limits).refusals, IsEmpty());
}

TEST(Guard, what_it_proposes_lets_it_through) {
  for (std::uint64_t removed = 1; removed <= 997; ++removed) {
    const GuardReport report = guard(next_to_live(997, removed), {});
    if (report.passed()) continue;
    const std::string& line = report.refusals.front();
    GuardLimits limits;
    limits.max_removed = std::stod(line.substr(line.find("--max-removed ") + 14));
    EXPECT_TRUE(guard(next_to_live(997, removed), limits).passed()) << line;
  }
}

TEST(Guard, tells_all_that_stands_against_it_at_once) {
  GuardFigures figures = next_to_live(10, 10);
  figures.removed_namespaces = {"prod", "a\x1b", "c", "d", "e", "f", "g"};
  figures.services = 0;
  figures.size = 300;
  GuardLimits limits;
  limits.max_size = 299;
  EXPECT_THAT(
      guard(figures, limits).refusals,
      ElementsAre("10 of 10 services removed (100 %, at most 20 %); --max-removed 100 lets it through",
                  "7 namespaces removed: prod, a\\x1b, c, d, e and 2 more, and none may be; --allow-removed-namespaces lets it through",
                  "the registry is empty: no namespace has a service; --allow-empty lets it through",
                  "the snapshot has 300 bytes, and at most 299 are allowed; --max-size 300 lets it through"));
  limits.max_removed = 100;
  limits.allow_removed_namespaces = true;
  limits.allow_empty = true;
  limits.max_size = 300;
  EXPECT_THAT(guard(figures, limits).refusals, IsEmpty());
}

TEST(Guard, does_not_take_what_it_cannot_compare_for_unchanged) {
  GuardFigures figures;
  figures.services = 1;
  figures.unknown = "store/current: is damaged";
  EXPECT_THAT(guard(figures, {}).refusals,
              ElementsAre("what is live cannot be relied on: store/current: is damaged; --allow-unknown lets it through"));
  GuardLimits limits;
  limits.allow_unknown = true;
  EXPECT_THAT(guard(figures, limits).refusals, IsEmpty());
  EXPECT_EQ(guard(figures, limits).figures, "not compared with what is live, 0 bytes");
}

TEST(Guard, compares_with_what_may_not_be_live_and_says_so) {
  GuardFigures figures = next_to_live(100, 21);
  figures.unknown = "generation 7 came later";
  EXPECT_THAT(guard(figures, {}).refusals,
              ElementsAre("what is live cannot be relied on: generation 7 came later; --allow-unknown lets it through",
                          "21 of 100 services removed (21 %, at most 20 %); --max-removed 21 lets it through"));
  GuardLimits limits;
  limits.allow_unknown = true;
  EXPECT_THAT(guard(figures, limits).refusals, testing::SizeIs(1)) << "what can be compared is";
}

TEST(Guard, callers_that_would_lose_something_have_switches) {
  GuardFigures figures = next_to_live(100, 0);
  figures.left_without = "the only caller rule would be gone";
  figures.begun = {"rule 1 a -> b: over", "rule 2 a -> c: over"};
  EXPECT_THAT(guard(figures, {}).refusals, ElementsAre("the only caller rule would be gone; --allow-unmatched lets it through",
                                                       "rule 1 a -> b: over; --allow-started-rollouts lets it through",
                                                       "rule 2 a -> c: over; --allow-started-rollouts lets it through"));
  GuardLimits limits;
  limits.allow_unmatched = true;
  EXPECT_THAT(guard(figures, limits).refusals, testing::SizeIs(2));
  limits.allow_started_rollouts = true;
  EXPECT_THAT(guard(figures, limits).refusals, IsEmpty());
}

TEST(Guard, counts_from_what_instances_still_have_where_that_is_more) {
  const std::vector<std::byte> previous = support::snapshot_of({{"a", numbered_services(4)}, {"b", {}}});
  const std::vector<std::byte> live = support::snapshot_of({{"a", numbered_services(2)}, {"c", {}}});
  const std::vector<std::byte> after = support::snapshot_of({{"a", numbered_services(1)}});
  const Snapshot next = Snapshot::from_bytes(after, "after");
  const inspect::DiffReport from_previous = inspect::diff(Snapshot::from_bytes(previous, "previous"), next);
  const inspect::DiffReport from_live = inspect::diff(Snapshot::from_bytes(live, "live"), next);
  GuardFigures figures = figures_of(from_live, internal::kAlways);
  EXPECT_EQ(figures.live, 2U);
  EXPECT_EQ(figures.removed, 1U);
  count_from_previous(figures, from_previous, 7);
  EXPECT_EQ(figures.live, 4U);
  EXPECT_EQ(figures.removed, 3U);
  EXPECT_THAT(figures.removed_namespaces, ElementsAre("b", "c"));
  EXPECT_THAT(
      guard(figures, {}).figures,
      testing::StartsWith("3 of 4 services of generation 7, which instances still have, removed (75 %, at most 20 %), 2 namespaces"));
  GuardFigures other = figures_of(from_previous, internal::kAlways);
  count_from_previous(other, from_live, 7);
  EXPECT_EQ(other.live, 4U) << "the larger share counts";
  EXPECT_EQ(other.previous, 0U);
}

TEST(Guard, figures_count_the_services_of_removed_namespaces) {
  const std::vector<std::byte> before = support::snapshot_of({{"a", numbered_services(3)}, {"b", numbered_services(2)}, {"c", {}}});
  const std::vector<std::byte> after = support::snapshot_of({{"a", {service("s0000000").uri("http://else"), service("x").value("1")}}});
  const Snapshot next = Snapshot::from_bytes(after, "after");
  const GuardFigures figures = figures_of(inspect::diff(Snapshot::from_bytes(before, "before"), next), internal::kAlways);
  EXPECT_FALSE(figures.is_first);
  EXPECT_EQ(figures.live, 5U);
  EXPECT_EQ(figures.removed, 4U);
  EXPECT_THAT(figures.removed_namespaces, ElementsAre("b", "c"));
  EXPECT_EQ(figures.services, 2U);
  EXPECT_EQ(figures.size, after.size());
  EXPECT_TRUE(figures_of(next).is_first);
}

}  // namespace
}  // namespace almanac::publish
