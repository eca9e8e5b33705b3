#include "import/import.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "imported_text.h"
#include "property/random_seed.h"

namespace almanac::importing {
namespace {

std::string parameter(const std::string& name) { return R"({"Parameters":[{"Name":")" + name + R"(","Type":"String","Value":"1"}]})"; }

std::string names_of(const ImportedText& told) {
  std::string names;
  std::istringstream records(told.records);
  for (std::string line; std::getline(records, line);) {
    const std::size_t start = line.find("\"name\":\"") + 8;
    names +=
        (names.empty() ? "" : " ") + line.substr(14, line.find('"', 14) - 14) + ':' + line.substr(start, line.find('"', start) - start);
  }
  return names + told.problems;
}

std::string name_after(const std::string& name, const std::string& strip, const std::string& from = "") {
  ImportOptions options;
  options.format = "ssm";
  options.strip = strip;
  options.namespace_from = from;
  return names_of(import_texts({parameter(name)}, options));
}

TEST(Import, StripsPrefixes) {
  EXPECT_EQ(name_after("/acme/prod/a", ""), "prod:acme/prod/a");
  EXPECT_EQ(name_after("/acme/prod/a", "/acme/prod/"), "prod:a");
  EXPECT_EQ(name_after("/acme/prod/a", "/acme/prod"), "prod:a");
  EXPECT_EQ(name_after("/acme/prod/a", "acme"), "prod:prod/a");
  EXPECT_EQ(name_after("/acme/production/a", "/acme/prod"), "prod:acme/production/a");
  EXPECT_EQ(name_after("/acme/prod-a", "/acme/prod-"), "prod:a");
  EXPECT_EQ(name_after("APP_URL", "APP_"), "prod:URL");
  EXPECT_EQ(name_after("other", "APP_"), "prod:other");
  EXPECT_EQ(name_after("APP", "APP"), "a:1:24: name of a service must not be empty\n");
}

TEST(Import, TakesNamespacesFromPaths) {
  EXPECT_EQ(name_after("/prod/a/b", "", "path:1"), "prod:a/b");
  EXPECT_EQ(name_after("/a/prod/b", "", "path:2"), "prod:a/b");
  EXPECT_EQ(name_after("/acme/prod/b", "/acme", "path:1"), "prod:b");
  for (const char* from : {"path:3", "path:4", "path:99999"}) {
    EXPECT_EQ(name_after("/a/b/c", "", from),
              "a:1:24: service \"a/b/c\" says nothing for a namespace; give -n NAMESPACE, or another --namespace-from\n");
  }
  for (const char* from : {"path:0", "path:", "path:-1", "path:1x", "path:99999999999999999999", "path", "tag:x"}) {
    EXPECT_THROW((void)name_after("/a/b", "", from), std::invalid_argument) << from;
  }
}

TEST(Import, ReadsABehindAByteOrderMark) { EXPECT_EQ(names_of(import_text("ssm", "\xef\xbb\xbf" + parameter("/a"))), "prod:a"); }

struct Sample {
  std::string format;
  std::string text;
};

// What the tests of the command import, by the folders import-FORMAT.
std::vector<Sample> samples() {
  std::vector<Sample> all;
  for (const Importer* importer : importers()) {
    const std::filesystem::path folder =
        std::filesystem::path(ALMANAC_SOURCE_DIRECTORY) / "tests/cli" / ("import-" + std::string(importer->name));
    if (!std::filesystem::is_directory(folder)) continue;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
      if (!file.is_regular_file() || !file.path().has_extension()) continue;
      std::ifstream stream(file.path(), std::ios::binary);
      all.push_back({std::string(importer->name), std::string(std::istreambuf_iterator<char>(stream), {})});
    }
  }
  return all;
}

TEST(Import, RecognisesNothingAsWhatItIsNot) {
  std::size_t recognised = 0;
  for (const Sample& sample : samples()) {
    const ImportedText told = import_text("", sample.text);
    EXPECT_TRUE(told.format == sample.format || told.format.empty()) << sample.format << " was taken for " << told.format << ":\n"
                                                                     << sample.text;
    EXPECT_TRUE(!told.format.empty() || !told.problems.empty());
    if (!told.format.empty()) ++recognised;
  }
  EXPECT_GE(recognised, 10U);
}

// What others write with the same words, and an output of none of the formats.
TEST(Import, RecognisesNothingForeign) {
  for (const char* text : {
           R"({"timeout":{"type":"seconds","value":"30"}})",
           R"({"timeout":{"type":"seconds","value":"30","sensitive":"a bit"}})",
           R"({"timeout":{"type":"seconds","value":"30","sensitive":false,"unit":"s"}})",
           R"({"service":{"name":"users","address":"0.0.0.0","port":8080}})",
           R"({"services":[]})",
           R"({"services":[{"name":"users","port":8080}]})",
           R"([{"Node":{"id":1},"Service":{"kind":"api"}}])",
           R"({"clusterName":"users","nodes":["a","b"]})",
           R"({"clusterName":"users","endpoints":["https://a.example.com"]})",
           R"({"cluster_name":"users","region":"us-east-1"})",
           R"([{"targets":[{"id":"a"}]}])",
           R"({"Parameters":{"Type":"String"},"Resources":{}})",
           R"({"kind":"List","items":[{"kind":"Pod"}]})",
           "service:\n  name: users\n  port: 8080\n",
       }) {
    const ImportedText told = import_text("", text);
    EXPECT_EQ(told.format, "") << text;
    EXPECT_NE(told.problems, "") << text;
  }
}

// Whatever bytes come, there is a result or a problem with a place, in bounded time.
TEST(Import, SurvivesDamagedInputs) {
  const std::vector<Sample> inputs = samples();
  ASSERT_GE(inputs.size(), 10U);
  const std::uint64_t seed = property::random_seed();
  std::mt19937_64 random(seed);
  constexpr std::string_view kPieces = "{}[]\",:\\0e-.u/ \n\x01\xff";
  for (int round = 0; round < 400; ++round) {
    auto [format, text] = inputs[random() % inputs.size()];
    for (auto changes = random() % 4 + 1; changes > 0; --changes) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0: text[at] = kPieces[random() % kPieces.size()]; break;
        case 1: text.erase(at, random() % 40); break;
        default: text.insert(at, text.substr(random() % text.size(), random() % 40)); break;
      }
      if (text.empty()) text = "{";
    }
    SCOPED_TRACE("seed " + std::to_string(seed) + ", round " + std::to_string(round));
    const ImportedText told = import_text(random() % 8 == 0 ? "consul" : format, text);
    ASSERT_TRUE(told.problems.empty() || told.problems.starts_with("a:")) << told.problems;
    ASSERT_TRUE(told.problems.empty() || told.records.empty());
  }
}

}  // namespace
}  // namespace almanac::importing
