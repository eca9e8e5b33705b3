#include "import/joined.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "imported_text.h"
#include "property/random_seed.h"

namespace almanac::importing {
namespace {

std::string entry(int number, const std::string& rest) {
  return R"({"Node":"n","Address":"10.0.0.)" + std::to_string(number) + R"(","ServiceName":"users","ServicePort":80)" + rest + "}";
}

ImportedText import_entries(const std::vector<std::string>& entries) {
  std::string list;
  for (const std::string& each : entries) list += (list.empty() ? "[" : ",\n") + each;
  return import_text("consul", list + "]");
}

TEST(ImportJoined, DoesNotDependOnTheOrderOfInstances) {
  std::vector<std::string> entries;
  for (int number = 0; number < 50; ++number)
    entries.push_back(entry(number % 40, R"(,"ServiceTags":["t)" + std::to_string(number % 40) + "\"]"));
  const std::string first = import_entries(entries).records;
  EXPECT_EQ(std::ranges::count(first, '\n'), 1);
  EXPECT_EQ(first.find("10.0.0.0:80"), first.find("10.0.0."));
  const std::uint64_t seed = property::random_seed();
  std::mt19937_64 random(seed);
  for (int round = 0; round < 20; ++round) {
    std::ranges::shuffle(entries, random);
    ASSERT_EQ(import_entries(entries).records, first) << "seed " << seed;
  }
}

TEST(ImportJoined, EqualEndpointsAreOneAndDifferentOnesOfAUriStay) {
  EXPECT_EQ(import_entries({entry(1, ""), entry(1, ""), entry(1, R"(,"ServiceWeights":{"Passing":2})")}).records,
            R"({"namespace":"prod","name":"users","endpoints":[{"uri":"tcp://10.0.0.1:80"},{"uri":"tcp://10.0.0.1:80","weight":2}]})"
            "\n");
}

TEST(ImportJoined, CountsWhatAllInstancesSay) {
  std::string tags;
  for (int number = 0; number < 100'000; ++number) tags += (number > 0 ? ",\"" : "\"") + std::to_string(number) + '"';
  EXPECT_EQ(import_entries({entry(1, ",\"ServiceTags\":[" + tags + "]")}).problems,
            "a:1:89: service \"users\": tags must be at most 255, got 100000\n");
}

TEST(ImportJoined, SettingsMustBeEqual) {
  ImportOptions options;
  options.format = "terraform";
  const auto output = [](const std::string& value) { return R"({"a":{"type":"string","value":)" + value + "}}"; };
  EXPECT_EQ(import_texts({output("1"), output("1")}, options).records, R"({"namespace":"prod","name":"a","value":"1"})"
                                                                       "\n");
  EXPECT_EQ(import_texts({output("\"secret1\""), output("\"secret2\"")}, options).problems,
            "b:1:2: service \"a\" of namespace \"prod\" is already there, from a:1:2, and differs; import the two apart\n");
  // Two uris are two settings that differ, not two instances.
  EXPECT_NE(import_texts({output("\"https://a\""), output("\"https://b\"")}, options).problems, "");
}

}  // namespace
}  // namespace almanac::importing
