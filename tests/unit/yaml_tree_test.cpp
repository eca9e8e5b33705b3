#include "source/yaml_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tree_text.h"

namespace almanac::source {
namespace {

using testing::ElementsAre;

// The documents, then what stopped the reading.
std::vector<std::string> documents_of(const std::string& text, std::size_t start = 0) {
  model::Arena arena;
  std::vector<Node> roots;
  std::vector<std::string> all;
  std::string fault_text;
  try {
    parse_yaml(text, start, arena, [&roots](const Node& root) { roots.push_back(root); });
  } catch (const SyntaxFault& fault) {
    fault_text = std::to_string(fault.line) + ':' + std::to_string(fault.column) + ": " + fault.what;
  }
  // Shown at the end: all documents live as long as the arena.
  for (const Node& root : roots) all.push_back(shown(root));
  if (!fault_text.empty()) all.push_back(fault_text);
  return all;
}

TEST(YamlTree, KeepsTextsAndPlaces) {
  EXPECT_THAT(documents_of("a: 1\nb:\n  - 'x'\n  - ~\n"), ElementsAre("{a@1:1=1@1:4 b@2:1=['x'@3:5 null@4:5]}"));
}

TEST(YamlTree, AllDocumentsLiveInTheArena) {
  EXPECT_THAT(documents_of("a: 1\n---\nb: 2\n---\n[c]\n"), ElementsAre("{a@1:1=1@1:4}", "{b@3:1=2@3:4}", "[c@5:2]"));
}

TEST(YamlTree, NoDocumentIsNothing) {
  EXPECT_THAT(documents_of(""), ElementsAre("null@1:1"));
  EXPECT_THAT(documents_of("# nothing but a comment\n"), ElementsAre("null@2:1"));
}

TEST(YamlTree, BeginsWhereItIsTold) {
  EXPECT_THAT(documents_of("\xef\xbb\xbf"
                           "a: 1",
                           3),
              ElementsAre("{a@1:1=1@1:4}"));
}

TEST(YamlTree, DocumentsBeforeAMistakeAreTaken) {
  EXPECT_THAT(documents_of("a: 1\n---\n<<: {b: 2}\n"),
              ElementsAre("{a@1:1=1@1:4}", testing::StartsWith("3:1: merge keys (<<) are not supported")));
  EXPECT_THAT(documents_of("a: \"b\n"), ElementsAre(testing::HasSubstr("not valid YAML")));
  EXPECT_THAT(documents_of("a: \x01\n"), ElementsAre("1:4: not valid YAML: a control character; in double quotes write it as \\xXX"));
}

TEST(YamlTree, AliasesStandForSoManyBytes) {
  const std::string text(1 << 16, 'x');
  std::string written = "a: &a " + text + "\nb: [";
  for (int i = 0; i < 1024; ++i) written += "*a, ";
  EXPECT_EQ(documents_of(written + "]").size(), 1U);
  EXPECT_THAT(documents_of(written + "\n*a]"), ElementsAre("3:1: aliases stand for more than 64 MiB of text; write fewer"));
}

TEST(YamlTree, WhatTheTakerThrowsPassesThrough) {
  model::Arena arena;
  EXPECT_THROW(parse_yaml("a: 1", 0, arena, [](const Node&) { throw std::domain_error("no more"); }), std::domain_error);
}

}  // namespace
}  // namespace almanac::source
