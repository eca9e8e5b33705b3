#include "compile/frame_planner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "compile/compile_error.h"
#include "compile/frame_encoder.h"
#include "support/registry_builder.h"

namespace almanac::compile {
namespace {

using support::service;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

// A namespace of about so many bytes.
support::NamespaceBuilder namespace_of(std::string name, std::size_t bytes) {
  std::vector<support::ServiceBuilder> services;
  for (std::size_t left = bytes; left > 0;) {
    const std::size_t part = std::min<std::size_t>(left, 60'000);
    services.push_back(service("s" + std::to_string(services.size())).value(std::string(part, 'x')));
    left -= part;
  }
  return {std::move(name), services};
}

// Pairs of first namespace and how many.
std::vector<std::pair<std::size_t, std::size_t>> plan_of(const std::vector<support::NamespaceBuilder>& namespaces) {
  std::vector<std::pair<std::size_t, std::size_t>> plan;
  for (const FramePlan& frame : plan_frames(support::registry(namespaces))) plan.emplace_back(frame.first, frame.namespaces);
  return plan;
}

constexpr std::size_t kKiB = std::size_t{1} << 10U;

TEST(FramePlanner, small_namespaces_share_a_frame) {
  EXPECT_THAT(plan_of({namespace_of("a", 10), namespace_of("b", 0), namespace_of("c", 1000)}), ElementsAre(Pair(0, 3)));
}

TEST(FramePlanner, a_frame_is_shared_up_to_320_kibibytes) {
  const auto fill = [](std::size_t last) {
    return plan_of({namespace_of("a", 10 * kKiB), namespace_of("b", 200 * kKiB), namespace_of("c", last)});
  };
  EXPECT_THAT(fill(109 * kKiB), ElementsAre(Pair(0, 3)));
  EXPECT_THAT(fill(110 * kKiB), ElementsAre(Pair(0, 2), Pair(2, 1)));
  EXPECT_THAT(plan_of({namespace_of("a", 200 * kKiB), namespace_of("b", 110 * kKiB), namespace_of("c", 10 * kKiB), namespace_of("d", 0)}),
              ElementsAre(Pair(0, 2), Pair(2, 2)));
}

// Opening any of them costs no more than so many times itself.
TEST(FramePlanner, a_frame_is_shared_up_to_five_times_the_smallest) {
  const auto four_and = [](std::size_t last) {
    std::vector<support::NamespaceBuilder> namespaces;
    for (const char* name : {"a", "b", "c", "d"}) namespaces.push_back(namespace_of(name, 100 * kKiB));
    namespaces.push_back(namespace_of("e", last));
    return plan_of(namespaces);
  };
  EXPECT_THAT(four_and(100 * kKiB), ElementsAre(Pair(0, 5)));
  EXPECT_THAT(four_and(102 * kKiB), ElementsAre(Pair(0, 4), Pair(4, 1)));
  EXPECT_THAT(four_and(90 * kKiB), ElementsAre(Pair(0, 4), Pair(4, 1)));
  EXPECT_THAT(four_and(0), ElementsAre(Pair(0, 4), Pair(4, 1)));
}

TEST(FramePlanner, a_frame_is_shared_up_to_one_mebibyte) {
  EXPECT_THAT(plan_of({namespace_of("a", 500 * kKiB), namespace_of("b", 500 * kKiB)}), ElementsAre(Pair(0, 2)));
  EXPECT_THAT(plan_of({namespace_of("a", 512 * kKiB), namespace_of("b", 512 * kKiB)}), ElementsAre(Pair(0, 1), Pair(1, 1)));
}

TEST(FramePlanner, a_large_namespace_stands_alone) {
  EXPECT_THAT(plan_of({namespace_of("a", 10), namespace_of("b", 400 * kKiB), namespace_of("c", 10), namespace_of("d", 10)}),
              ElementsAre(Pair(0, 1), Pair(1, 1), Pair(2, 2)));
}

TEST(FramePlanner, without_namespaces_there_are_no_frames) { EXPECT_THAT(plan_of({}), IsEmpty()); }

TEST(FramePlanner, estimates_the_size) {
  const model::Registry registry = support::registry({{"prod", support::numbered_services(5000)}});
  const std::vector<FramePlan> plan = plan_frames(registry);
  ASSERT_EQ(plan.size(), 1U);
  const auto size = static_cast<double>(encode_frame(registry.namespaces).size());
  EXPECT_GT(static_cast<double>(plan[0].bytes) / size, 0.9);
  EXPECT_LT(static_cast<double>(plan[0].bytes) / size, 1.6);  // rows of short texts have fewer checkpoints
}

// Views of one text many times over stand for more memory than a test should take.
TEST(FramePlanner, a_namespace_beyond_the_limit_is_named) {
  model::Registry registry = support::registry({namespace_of("a", 10), {"huge", {}}});
  const std::string value(65536, 'x');
  model::Service one;
  one.name = "s";
  one.value = value;
  registry.namespaces[1].services.assign((std::size_t{1} << 31U) / value.size(), one);
  try {
    (void)plan_frames(registry);
    ADD_FAILURE() << "2 GiB fit into a frame";
  } catch (const CompileError& error) {
    EXPECT_THAT(error.what(),
                testing::MatchesRegex("namespace \"huge\" takes [0-9]+ bytes, and the limit is 2147483647; split it into several"));
  }
  registry.namespaces[1].services.resize(registry.namespaces[1].services.size() - 32);
  EXPECT_EQ(plan_frames(registry).size(), 2U);
}

TEST(FramePlanner, too_many_namespaces_are_refused) {
  model::Registry registry;
  registry.namespaces.resize(1'000'000);
  EXPECT_EQ(plan_frames(registry).size(), 1U);
  registry.namespaces.emplace_back();
  try {
    (void)plan_frames(registry);
    ADD_FAILURE() << "1,000,001 namespaces";
  } catch (const CompileError& error) {
    EXPECT_STREQ(error.what(), "the registry has 1000001 namespaces, and the limit is 1000000");
  }
}

}  // namespace
}  // namespace almanac::compile
