#include "model/validate.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace almanac::model {
namespace {

Service make(std::string_view name, std::uint32_t line, std::uint32_t file = 0) {
  Service service;
  service.name = name;
  service.location = {file, line, 1};
  return service;
}

Registry registry_of(std::vector<std::pair<std::string_view, std::vector<Service>>> spaces) {
  Registry registry;
  registry.files = {"a.yaml", "b.yaml"};
  for (auto& [name, services] : spaces) {
    Namespace space;
    space.name = name;
    space.services = std::move(services);
    registry.namespaces.push_back(std::move(space));
  }
  return registry;
}

TEST(Validate, SortsByBytes) {
  Registry registry = registry_of({{"prod", {make("b", 1), make("B", 2), make("ä", 3), make("a/b", 4), make("a-b", 5)}}, {"Prod", {}}});
  Problems problems;
  validate(registry, problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(registry.namespaces[0].name, "Prod");
  std::vector<std::string_view> names;
  for (const auto& service : registry.namespaces[1].services) names.push_back(service.name);
  EXPECT_EQ(names, (std::vector<std::string_view>{"B", "a-b", "a/b", "b", "ä"}));
}

TEST(Validate, NamesBothPlacesOfARepeatedService) {
  Registry registry = registry_of({{"prod", {make("x", 7, 1), make("y", 1), make("x", 3, 0), make("x", 9, 1)}}, {"test", {make("x", 1)}}});
  Problems problems;
  validate(registry, problems);
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0].location.line, 7U);
  EXPECT_EQ(problems[0].location.file, 1U);
  EXPECT_EQ(problems[0].message, "service \"x\" of namespace \"prod\" is already defined at a.yaml:3:1; remove or rename one of the two");
  EXPECT_EQ(problems[1].location.line, 9U);
}

}  // namespace
}  // namespace almanac::model
