#include "inspect/subject.h"

#include <almanac/store.h>
#include <gtest/gtest.h>

#include <string>

#include "inspect/summary.h"
#include "inspect/write_bundle.h"
#include "inspect_compiled.h"
#include "model/rollout_kinds.h"
#include "support/file_bytes.h"
#include "support/published_store.h"
#include "support/temporary_directory.h"

namespace almanac::inspect {
namespace {

using support::kPublished;

class SubjectTest : public testing::Test {
 protected:
  void publish(const Compiled& compiled) { (void)support::publish_with(publish::Publisher(open_store(root_)), compiled.bytes); }

  void publish_in_phases(const Compiled& compiled) {
    publish::Publisher publisher(open_store(root_));
    publish::Terms terms;
    terms.now = kPublished;
    terms.schedule = model::even(internal::moment_of(kPublished), std::chrono::minutes(30), kWholeShare);
    (void)publisher.publish(publisher.settle(), compiled.bytes, terms);
  }

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

TEST_F(SubjectTest, opens_either_side_of_a_rollout) {
  const Compiled first = compiled(R"({"namespace":"a","name":"x","value":"1"})");
  const Compiled second = compiled(R"({"namespace":"a","name":"x","value":"2"})");
  publish(first);
  publish_in_phases(second);
  const Subject live = open_subject(root_);
  EXPECT_EQ(live.snapshot.id(), second.snapshot.id());
  EXPECT_TRUE(live.is_live);
  EXPECT_EQ(live.publication.value().rollout.value().previous_generation, 1U);
  EXPECT_EQ(open_subject(root_ + "@2").snapshot.id(), second.snapshot.id());
  EXPECT_FALSE(open_subject(root_ + "@2").is_live);
  EXPECT_EQ(open_subject(root_ + "@1").snapshot.id(), first.snapshot.id());
}

TEST_F(SubjectTest, its_summary_shows_a_rollout_while_it_is_live_and_under_way) {
  publish(compiled(R"({"namespace":"a","name":"x","value":"1"})"));
  publish_in_phases(compiled(R"({"namespace":"a","name":"x","value":"2"})"));
  const auto has_rollout = [this](const std::string& what, std::chrono::minutes after) {
    return summarize(open_subject(root_ + what), {}, kPublished + after).rollout.has_value();
  };
  EXPECT_TRUE(has_rollout("", std::chrono::minutes(0)));
  EXPECT_TRUE(has_rollout("", std::chrono::minutes(29)));
  EXPECT_FALSE(has_rollout("", std::chrono::minutes(30)));
  EXPECT_FALSE(has_rollout("@2", std::chrono::minutes(0))) << "it may have been ended since";
}

TEST_F(SubjectTest, a_bundle_is_for_all_instances) {
  publish(compiled(R"({"namespace":"a","name":"x","value":"1"})"));
  publish_in_phases(compiled(R"({"namespace":"a","name":"x","value":"2"})"));
  const std::string file = root_ + "/acme.bundle";
  write_bundle(open_subject(root_), file);
  const Subject bundle = open_subject(file);
  EXPECT_EQ(bundle.snapshot.in("a").find("x")->value(), "2");
  EXPECT_EQ(bundle.publication.value().generation, 2U);
  EXPECT_EQ(bundle.publication->rollout, std::nullopt);
  EXPECT_FALSE(bundle.is_live);
}

TEST_F(SubjectTest, says_what_it_looked_for) {
  EXPECT_NE(message_of_opening(root_).find("without the file \"current\""), std::string::npos);
  EXPECT_NE(message_of_opening(root_ + "@1").find("without the file \"current\""), std::string::npos);
  EXPECT_NE(message_of_opening(root_ + "/none").find("/none"), std::string::npos);
  publish(compiled(R"({"namespace":"a","name":"x","value":"1"})"));
  EXPECT_EQ(message_of_opening(root_ + "@7"), root_ + ": has no generation 7");
}

TEST_F(SubjectTest, says_that_nothing_was_published_yet) {
  std::filesystem::create_directories(folder_ / "registrations");
  EXPECT_NE(message_of_opening(root_).find("generate-snapshot sync"), std::string::npos);
}

TEST_F(SubjectTest, what_cannot_be_looked_at_is_not_said_to_be_missing) {
  std::filesystem::create_symlink("current", folder_ / "current");  // for whoever runs this as root, whom no rights hold back
  try {
    (void)open_subject(root_);
    ADD_FAILURE() << "opened";
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).find("no store"), std::string::npos) << error.what();
  }
}

TEST_F(SubjectTest, a_name_that_ends_like_a_generation_is_still_a_name) {
  const Compiled all = compiled(R"({"namespace":"a","name":"x","value":"1"})");
  const std::string path = root_ + "/acme@7";
  support::write_bytes(path, all.bytes);
  EXPECT_EQ(open_subject(path).snapshot.id(), all.snapshot.id());
}

}  // namespace
}  // namespace almanac::inspect
