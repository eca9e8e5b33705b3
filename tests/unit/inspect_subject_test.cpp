#include "inspect/subject.h"

#include <almanac/store.h>
#include <gtest/gtest.h>

#include <string>

#include "inspect_compiled.h"
#include "support/file_bytes.h"
#include "support/published_store.h"
#include "support/temporary_directory.h"

namespace almanac::inspect {
namespace {

using support::kPublished;

class SubjectTest : public testing::Test {
 protected:
  void publish(const Compiled& compiled) { (void)support::publish_with(publish::Publisher(open_store(root_)), compiled.bytes); }

  support::TemporaryDirectory folder_;
  std::string root_ = folder_.path().string();
};

std::string message_of_opening(const std::string& what) {
  try {
    (void)open_subject(what);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    return error.what();
  }
  return "no error";
}

TEST_F(SubjectTest, opens_a_file) {
  const Compiled all = compiled(R"({"namespace":"a","name":"x","value":"1"})");
  const CompiledFile file(all.bytes);
  const Subject subject = open_subject(file.path());
  EXPECT_EQ(subject.snapshot.id(), all.snapshot.id());
  EXPECT_EQ(subject.name, file.path());
  EXPECT_FALSE(subject.publication);
}

TEST_F(SubjectTest, opens_what_is_live_in_a_store_and_what_was) {
  const Compiled first = compiled(R"({"namespace":"a","name":"x","value":"1"})");
  const Compiled second = compiled(R"({"namespace":"a","name":"x","value":"2"})");
  publish(first);
  publish(second);
  const Subject live = open_subject(root_);
  EXPECT_EQ(live.snapshot.id(), second.snapshot.id());
  ASSERT_TRUE(live.publication);
  EXPECT_EQ(live.publication->generation, 2U);
  EXPECT_EQ(live.publication->published, kPublished);

  const Subject before = open_subject(root_ + "@1");
  EXPECT_EQ(before.snapshot.in("a").find("x")->value(), "1");
  ASSERT_TRUE(before.publication);
  EXPECT_EQ(before.publication->generation, 1U);
  EXPECT_EQ(open_subject("file://" + root_ + "@2").snapshot.id(), second.snapshot.id());
}

TEST_F(SubjectTest, says_what_it_looked_for) {
  EXPECT_NE(message_of_opening(root_).find("without the file \"current\""), std::string::npos);
  EXPECT_NE(message_of_opening(root_ + "@1").find("without the file \"current\""), std::string::npos);
  EXPECT_NE(message_of_opening(root_ + "/none").find("/none"), std::string::npos);
  publish(compiled(R"({"namespace":"a","name":"x","value":"1"})"));
  EXPECT_EQ(message_of_opening(root_ + "@7"), root_ + ": has no generation 7");
}

TEST_F(SubjectTest, a_name_that_ends_like_a_generation_is_still_a_name) {
  const Compiled all = compiled(R"({"namespace":"a","name":"x","value":"1"})");
  const std::string path = root_ + "/acme@7";
  support::write_bytes(path, all.bytes);
  EXPECT_EQ(open_subject(path).snapshot.id(), all.snapshot.id());
}

}  // namespace
}  // namespace almanac::inspect
