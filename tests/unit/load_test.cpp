#include "source/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "document_text.h"
#include "source/byte_source.h"

namespace almanac::source {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Load, MergesNamespacesOfSeveralFiles) {
  const auto loaded = load_texts({{"a.yaml", "registry: r\nnamespaces: {p: {services: {x: 'a:1'}}}"},
                                  {"b.json", R"({"registry":"r","namespaces":{"p":{"inherits":"q","services":{"y":"a:2"}}}})"},
                                  {"c.jsonl", R"({"namespace":"q","name":"z","value":"3"})"}});
  ASSERT_THAT(problem_lines(loaded), IsEmpty());
  ASSERT_EQ(loaded.registry.namespaces.size(), 2U);
  EXPECT_EQ(loaded.registry.namespaces[0].services.size(), 3U);
  EXPECT_EQ(service(loaded, "p", "z").value, "3");
  EXPECT_THAT(loaded.registry.files, ElementsAre("a.yaml", "b.json", "c.jsonl"));
}

TEST(Load, NamesBothPlaces) {
  EXPECT_THAT(
      problem_lines(load_texts({{"a.yaml", "registry: r\nrevision: 1\nnamespaces: {p: {inherits: q, services: {x: 'a:1'}}, q: {}}"},
                                {"b.jsonl",
                                 "{\"registry\":\"s\"}\n{\"revision\":\"2\"}\n{\"namespace\":\"p\",\"inherits\":[\"q\"]}\n"
                                 "{\"namespace\":\"p\",\"name\":\"x\",\"value\":\"\"}\n"}})),
      ElementsAre("b.jsonl:1:13: registry \"s\" differs from \"r\" at a.yaml:1:11; give one registry for all documents",
                  "b.jsonl:2:13: revision \"2\" differs from \"1\" at a.yaml:2:11; give one revision for all documents",
                  "b.jsonl:3:29: namespace \"p\" already states what it inherits at a.yaml:3:28; state it in one place",
                  "b.jsonl:4:1: service \"x\" of namespace \"p\" is already defined at a.yaml:3:42; remove or rename one of the two"));
}

TEST(Load, TellsProblemsInOrderOfFileAndPlace) {
  const auto loaded = load_texts({{"a.yaml", "namespaces:\n  p: {inherits: nowhere, services: {b: 1}}\n  q: {services: {a: 2}}\n"},
                                  {"b.yaml", "registry: [broken"},
                                  {"c.json", "{\"registr\":1}"}});
  EXPECT_THAT(problem_lines(loaded),
              ElementsAre(HasSubstr("a.yaml:2:17: namespace \"p\" inherits \"nowhere\""), HasSubstr("a.yaml:2:40: service \"b\""),
                          HasSubstr("a.yaml:3:21: service \"a\""), HasSubstr("b.yaml:1:1: not valid YAML"),
                          HasSubstr("c.json:1:2: unknown field \"registr\"; did you mean \"registry\"?")));
  EXPECT_EQ(count_problems(loaded), "5 problems in 3 files");
  EXPECT_EQ(count_problems(load_texts({{"c.json", "[]"}})), "1 problem in 1 file");
}

TEST(Load, OptionsReplaceWhatDocumentsSay) {
  const std::string folder = testing::TempDir();
  const auto write = [&folder](const std::string& name, const char* text) {
    const std::string path = folder + name;
    std::FILE* file = std::fopen(path.c_str(), "w");
    std::fputs(text, file);
    std::fclose(file);
    return path;
  };
  const std::vector<std::string> sources = {write("almanac-load-a.yaml", "registry: a\nrevision: 1\n"),
                                            write("almanac-load-b.yaml", "registry: b\nrevision: 2\n")};
  progress::Progress silent;
  const auto loaded = load_registry(sources, silent, {"c", "3"});
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.registry.name, "c");
  EXPECT_EQ(loaded.registry.revision, "3");
  EXPECT_EQ(load_registry(sources, silent).problems.size(), 2U);
  for (const auto& path : sources) std::remove(path.c_str());
}

TEST(Load, ThrowsForWhatCannotBeRead) {
  progress::Progress silent;
  const std::vector<std::string> missing = {"/nonexistent/x.yaml"};
  EXPECT_THROW((void)load_registry(missing, silent), SourceError);
}

TEST(Load, TheOrderOfFilesDoesNotMatter) {
  std::vector<std::pair<std::string, std::string>> files = {{"a.yaml", "namespaces: {q: {inherits: p, services: {x: 'a:1'}}}"},
                                                            {"b.yaml", "namespaces: {p: {services: {z: 'a:2', y: 'a:3'}}}"}};
  const auto shown = [](const LoadResult& loaded) {
    std::string all;
    for (const auto& space : loaded.registry.namespaces) {
      all += std::string(space.name) + ": ";
      for (const auto& each : space.services) all += std::string(each.name) + '=' + std::string(each.endpoints[0].uri) + ' ';
    }
    return all;
  };
  const std::string first = shown(load_texts(files));
  std::swap(files[0], files[1]);
  EXPECT_EQ(first, "p: y=a:3 z=a:2 q: x=a:1 y=a:3 z=a:2 ");
  EXPECT_EQ(shown(load_texts(files)), first);
}

// Counts what it is told.
class Counting : public progress::Progress {
 public:
  void begin(std::string_view work, std::uint64_t total) override {
    works.emplace_back(work);
    bytes_expected = total;
  }
  void advance(std::uint64_t done, std::uint64_t count) override { bytes = done, services = count; }
  void end() override { ended = true; }

  std::vector<std::string> works;
  std::uint64_t bytes_expected = 0;
  std::uint64_t bytes = 0;
  std::uint64_t services = 0;
  bool ended = false;
};

TEST(Load, ReportsProgress) {
  const std::string path = testing::TempDir() + "almanac-progress.jsonl";
  std::FILE* file = std::fopen(path.c_str(), "w");
  for (int i = 0; i < 100'000; ++i) std::fprintf(file, "{\"namespace\":\"p\",\"name\":\"%d\",\"value\":\"\"}\n", i);
  std::fclose(file);
  Counting counting;
  const auto loaded = load_registry(std::vector<std::string>{path}, counting);
  std::remove(path.c_str());
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_THAT(counting.works, ElementsAre("reading " + path));
  EXPECT_EQ(counting.bytes, counting.bytes_expected);
  EXPECT_GT(counting.services, 50'000U);
  EXPECT_TRUE(counting.ended);
}

}  // namespace
}  // namespace almanac::source
