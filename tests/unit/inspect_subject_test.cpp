#include "inspect/subject.h"

#include <almanac/store.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "announcement.h"
#include "inspect_compiled.h"

namespace almanac::inspect {
namespace {

class SubjectTest : public testing::Test {
 protected:
  SubjectTest() : root_((std::filesystem::temp_directory_path() / "almanac-subject-XXXXXX").string()) {
    if (::mkdtemp(root_.data()) == nullptr) throw std::runtime_error("no temporary folder");
  }
  ~SubjectTest() override { std::filesystem::remove_all(root_); }

  void publish(std::uint64_t generation, const Compiled& compiled) {
    internal::Announcement announcement;
    announcement.generation = generation;
    announcement.snapshot_id = compiled.snapshot.id();
    announcement.snapshot_size = compiled.bytes.size();
    announcement.published = std::chrono::system_clock::time_point(std::chrono::seconds(1'800'000'000 + generation));
    const std::vector<std::byte> bytes = internal::encode_announcement(announcement);
    const auto store = open_store(root_);
    ASSERT_TRUE(store->put(internal::snapshot_key(compiled.snapshot.id()), compiled.bytes, {}));
    ASSERT_TRUE(store->put(internal::generation_key(generation), bytes, {}));
    ASSERT_TRUE(store->put(internal::kCurrentKey, bytes, {}));
  }

  std::string root_;
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
  publish(1, first);
  publish(2, second);
  const Subject live = open_subject(root_);
  EXPECT_EQ(live.snapshot.id(), second.snapshot.id());
  ASSERT_TRUE(live.publication);
  EXPECT_EQ(live.publication->generation, 2U);
  EXPECT_EQ(live.publication->published, std::chrono::system_clock::time_point(std::chrono::seconds(1'800'000'002)));

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
  publish(1, compiled(R"({"namespace":"a","name":"x","value":"1"})"));
  EXPECT_NE(message_of_opening(root_ + "@7").find("7"), std::string::npos);
}

TEST_F(SubjectTest, a_name_that_ends_like_a_generation_is_still_a_name) {
  const Compiled all = compiled(R"({"namespace":"a","name":"x","value":"1"})");
  const std::string path = root_ + "/acme@7";
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(all.bytes.data()), static_cast<std::streamsize>(all.bytes.size()));
  EXPECT_EQ(open_subject(path).snapshot.id(), all.snapshot.id());
}

}  // namespace
}  // namespace almanac::inspect
