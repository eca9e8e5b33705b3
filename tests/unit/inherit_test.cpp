#include "model/inherit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "model/validate.h"
#include "numbered.h"

namespace almanac::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Namespaces by name; a service's description says which namespace it comes from.
class Builder {
 public:
  Builder& space(std::string_view name, std::vector<std::string_view> parents, const std::vector<std::string_view>& services) {
    Namespace made;
    made.name = name;
    made.inherits = std::move(parents);
    made.inherits_location = {0, static_cast<std::uint32_t>(registry_.namespaces.size() + 1), 1};
    for (const auto each : services) {
      Service service;
      service.name = each;
      service.description = name;
      made.services.push_back(service);
    }
    registry_.namespaces.push_back(std::move(made));
    return *this;
  }

  // What each namespace has, as "name:origin".
  std::map<std::string, std::vector<std::string>> resolve() {
    validate(registry_, problems_);
    resolve_inheritance(registry_, problems_);
    std::map<std::string, std::vector<std::string>> all;
    for (const auto& each : registry_.namespaces) {
      auto& names = all[std::string(each.name)];
      for (const auto& service : each.services) names.push_back(std::string(service.name) + ':' + std::string(service.description));
    }
    return all;
  }

  std::vector<std::string> messages() const {
    std::vector<std::string> all;
    for (const auto& problem : problems_) all.push_back(problem.message);
    return all;
  }

  Registry registry_;
  Problems problems_;
};

TEST(Inherit, ChildWinsThenTheFirstParent) {
  Builder builder;
  builder.space("child", {"first", "second"}, {"a"}).space("first", {}, {"a", "b"}).space("second", {}, {"a", "b", "c"});
  const auto all = builder.resolve();
  EXPECT_THAT(all.at("child"), ElementsAre("a:child", "b:first", "c:second"));
  EXPECT_THAT(all.at("first"), ElementsAre("a:first", "b:first"));
  EXPECT_TRUE(builder.registry_.namespaces[0].inherits.empty());
}

TEST(Inherit, ReachesThroughParents) {
  Builder builder;
  builder.space("c", {"b"}, {"own"}).space("b", {"a"}, {"m"}).space("a", {}, {"m", "z"});
  EXPECT_THAT(builder.resolve().at("c"), ElementsAre("m:b", "own:c", "z:a"));
}

TEST(Inherit, AGrandparentOfTheFirstWinsOverTheSecond) {
  Builder builder;
  builder.space("child", {"left", "right"}, {}).space("left", {"base"}, {}).space("right", {}, {"x"}).space("base", {}, {"x"});
  EXPECT_THAT(builder.resolve().at("child"), ElementsAre("x:base"));
}

TEST(Inherit, DiamondsCountOnce) {
  Builder builder;
  builder.space("d", {"b", "c"}, {}).space("b", {"a"}, {}).space("c", {"a"}, {"s"}).space("a", {}, {"r", "s"});
  EXPECT_THAT(builder.resolve().at("d"), ElementsAre("r:a", "s:a"));
}

TEST(Inherit, PrintsCycles) {
  Builder builder;
  builder.space("b", {"c"}, {}).space("c", {"a"}, {}).space("a", {"b"}, {}).space("self", {"self"}, {}).space("outside", {"b"}, {"x"});
  const auto all = builder.resolve();
  EXPECT_THAT(builder.messages(),
              ElementsAre("namespace \"a\" inherits itself: a -> b -> c -> a", "namespace \"self\" inherits itself: self -> self"));
  EXPECT_THAT(all.at("outside"), ElementsAre("x:outside"));
  EXPECT_EQ(builder.problems_[0].location.line, 3U) << "where a says what it inherits";
}

TEST(Inherit, SuggestsParents) {
  Builder builder;
  builder.space("prod", {"shraed", "nowhere", "shared", "shared"}, {}).space("shared", {}, {"x"});
  EXPECT_THAT(builder.resolve().at("prod"), IsEmpty());
  EXPECT_THAT(builder.messages(), ElementsAre("namespace \"prod\" inherits \"shraed\", which no document defines; did you mean \"shared\"?",
                                              "namespace \"prod\" inherits \"nowhere\", which no document defines",
                                              "namespace \"prod\" inherits \"shared\" twice; name it once"));
}

TEST(Inherit, FollowsChainsOfAnyLength) {
  constexpr std::size_t kLength = 200'000;
  std::deque<std::string> names;
  for (std::size_t i = 0; i < kLength; ++i) names.push_back(numbered("n", 1'000'000 + i));
  Builder builder;
  for (std::size_t i = 0; i + 1 < names.size(); ++i) builder.space(names[i], {names[i + 1]}, {});
  builder.space(names.back(), {}, {"root"});
  const auto all = builder.resolve();
  EXPECT_THAT(builder.messages(), IsEmpty());
  EXPECT_THAT(all.at(names.front()), ElementsAre("root:" + names.back()));
}

TEST(Inherit, ALongCycleStaysALine) {
  std::deque<std::string> names;
  for (std::size_t i = 0; i < 1000; ++i) names.push_back(numbered("namespace-", 1000 + i));
  Builder builder;
  for (std::size_t i = 0; i < names.size(); ++i) builder.space(names[i], {names[(i + 1) % names.size()]}, {});
  builder.resolve();
  ASSERT_EQ(builder.messages().size(), 1U);
  EXPECT_THAT(builder.messages()[0], HasSubstr("namespace-1000 -> namespace-1001"));
  EXPECT_LT(builder.messages()[0].size(), 1200U);
}

TEST(Inherit, StopsAtALimit) {
  const auto build = [] {
    Builder builder;
    builder.space("a", {}, {"x", "y", "z"}).space("b", {"a"}, {"x"}).space("c", {"a", "b"}, {});
    validate(builder.registry_, builder.problems_);
    return builder;
  };
  Builder fits = build();
  resolve_inheritance(fits.registry_, fits.problems_, 9);
  EXPECT_THAT(fits.messages(), IsEmpty());
  Builder too_many = build();
  resolve_inheritance(too_many.registry_, too_many.problems_, 8);
  EXPECT_THAT(too_many.messages(), ElementsAre("namespace \"c\" brings the registry, with all that is inherited, to more than 8 services"));
}

}  // namespace
}  // namespace almanac::model
