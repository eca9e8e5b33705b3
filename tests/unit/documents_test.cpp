#include "source/documents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "source/byte_source.h"

namespace almanac::source {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class DocumentsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string made = (fs::temp_directory_path() / "almanac-find-XXXXXX").string();
    ASSERT_NE(::mkdtemp(made.data()), nullptr);
    root_ = made;
  }
  void TearDown() override { fs::remove_all(root_); }

  void write(const std::string& name) {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << "{}";
  }

  // Paths below the root, in order; or the message of the error.
  std::vector<std::string> find(const std::vector<std::string>& names) {
    std::vector<std::string> sources;
    for (const auto& name : names) sources.push_back((root_ / name).string());
    try {
      std::vector<std::string> found;
      for (const auto& document : find_documents(sources)) found.push_back(fs::path(document.path).lexically_relative(root_).string());
      return found;
    } catch (const SourceError& error) {
      return {error.what()};
    }
  }

  fs::path root_;
};

TEST(LanguageOf, GoesByTheEnding) {
  EXPECT_EQ(language_of("a.yaml"), Language::yaml);
  EXPECT_EQ(language_of("a/b.c.yml"), Language::yaml);
  EXPECT_EQ(language_of("a.json"), Language::json);
  EXPECT_EQ(language_of("a.jsonl"), Language::json_lines);
  EXPECT_EQ(language_of("a.ndjson"), Language::json_lines);
  EXPECT_EQ(language_of("a.txt"), std::nullopt);
  EXPECT_EQ(language_of("yaml"), std::nullopt);
}

TEST_F(DocumentsTest, WalksFoldersInByteOrder) {
  for (const char* name : {"r/b.yaml", "r/B.yml", "r/a/z.json", "r/a/deep/y.jsonl", "r/a.ndjson", "r/.hidden.yaml", "r/.git/c.yaml",
                           "r/README.md", "r/empty/notes.txt"})
    write(name);
  EXPECT_THAT(find({"r"}), ElementsAre("r/B.yml", "r/a/deep/y.jsonl", "r/a/z.json", "r/a.ndjson", "r/b.yaml"));
  EXPECT_THAT(find({"r/a/z.json", "r/B.yml"}), ElementsAre("r/a/z.json", "r/B.yml")) << "files in the order given";
}

TEST_F(DocumentsTest, CountsAFileOnce) {
  write("r/a.yaml");
  fs::create_symlink("a.yaml", root_ / "r/b.yaml");
  EXPECT_THAT(find({"r/a.yaml", "r", "r/../r/a.yaml"}), ElementsAre("r/a.yaml"));
}

TEST_F(DocumentsTest, FollowsLinksOnce) {
  write("elsewhere/a.yaml");
  fs::create_directories(root_ / "r");
  fs::create_directory_symlink("../elsewhere", root_ / "r/linked");
  EXPECT_THAT(find({"r"}), ElementsAre("r/linked/a.yaml"));
  fs::create_directory_symlink("..", root_ / "elsewhere/loop");
  EXPECT_THAT(find({"r"}), ElementsAre(HasSubstr("contains itself through a symbolic link")));
}

TEST_F(DocumentsTest, SaysWhatCannotBeRead) {
  write("notes.txt");
  fs::create_directories(root_ / "empty");
  fs::create_directories(root_ / "dangling");
  fs::create_symlink("nowhere", root_ / "dangling/a.yaml");
  EXPECT_THAT(find({"missing.yaml"}), ElementsAre(HasSubstr("missing.yaml\": No such file or directory")));
  EXPECT_THAT(find({"notes.txt"}), ElementsAre(HasSubstr("known endings: .yaml .yml .json .jsonl .ndjson")));
  EXPECT_THAT(find({"empty"}), ElementsAre(HasSubstr("no registry documents (.yaml .yml .json .jsonl .ndjson) in folder")));
  EXPECT_THAT(find({"dangling"}), ElementsAre(HasSubstr("No such file or directory")));
  EXPECT_THAT(find({"notes.txt/a.yaml"}), ElementsAre(HasSubstr("No such file or directory")));
}

}  // namespace
}  // namespace almanac::source
