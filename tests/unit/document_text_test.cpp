#include "source/document_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "source/byte_source.h"
#include "support/temporary_directory.h"

namespace almanac::source {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

std::vector<DocumentText> read(const std::vector<std::string>& sources) {
  progress::Progress silent;
  return read_documents(sources, silent);
}

TEST(DocumentText, is_what_was_in_the_file) {
  const support::TemporaryDirectory folder;
  const std::string large(300'000, 'x');
  const std::string path = (folder / "a.yaml").string();
  std::ofstream(path) << large;
  std::ofstream(folder / "b.jsonl") << std::string("no\0thing\r\n", 10);
  std::ofstream(folder / "c.json");
  EXPECT_THAT(read({folder.path().string()}),
              ElementsAre(DocumentText{path, large}, DocumentText{(folder / "b.jsonl").string(), std::string("no\0thing\r\n", 10)},
                          DocumentText{(folder / "c.json").string(), ""}));
}

TEST(DocumentText, of_what_is_not_there_is_none) {
  EXPECT_THAT([] { (void)read({"nowhere.yaml"}); }, ThrowsMessage<SourceError>(HasSubstr("cannot read \"nowhere.yaml\"")));
}

}  // namespace
}  // namespace almanac::source
