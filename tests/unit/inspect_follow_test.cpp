#include "inspect/follow/follow.h"

#include <gmock/gmock.h>

#include "inspect_exported.h"
#include "support/file_bytes.h"
#include "support/scripted_store.h"
#include "support/temporary_directory.h"

namespace almanac::inspect {
namespace {

using support::service;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Outcome = Follower::Outcome;

class FollowTest : public ::testing::Test {
 protected:
  FollowTest() {
    request_.what.format = &find_export_format("hosts");
    request_.file = folder_ / "hosts";
  }

  void publish(std::uint64_t generation, const std::string& uri) { store_->publish(generation, support::users_at(uri)); }
  Follower follower() {
    return Follower(
        store_, Caller().set("instance", "a"), request_, [this](const std::string& line) { printed_.push_back(line); },
        [this](const std::string& line) { told_.push_back(line); });
  }
  [[nodiscard]] std::string file() const { return text_of(request_.file).value_or("there is none"); }
  // How often the command has run.
  [[nodiscard]] std::size_t runs() const { return text_of(folder_ / "runs").value_or("").size(); }
  [[nodiscard]] std::string counting() const { return "printf x >> " + (folder_ / "runs").string(); }
  [[nodiscard]] std::filesystem::path note() const { return folder_ / ".hosts.generation"; }
  [[nodiscard]] bool is_due() const { return std::filesystem::exists(folder_ / ".hosts.then"); }

  support::TemporaryDirectory folder_;
  std::shared_ptr<support::ScriptedStore> store_ = std::make_shared<support::ScriptedStore>();
  FollowRequest request_;
  StopSignals signals_;
  std::vector<std::string> printed_;
  std::vector<std::string> told_;
};

TEST_F(FollowTest, keeps_the_file_and_runs_the_command_after_each_change) {
  publish(1, "foo://10.0.0.1");
  request_.then = counting();
  Follower follower = this->follower();
  EXPECT_EQ(follower.step(signals_), Outcome::kGood);
  EXPECT_THAT(file(), HasSubstr("10.0.0.1\tusers\n"));
  EXPECT_EQ(runs(), 1U);
  EXPECT_EQ(follower.step(signals_), Outcome::kGood);
  publish(2, "foo://10.0.0.1");
  EXPECT_EQ(follower.step(signals_), Outcome::kGood);
  EXPECT_EQ(runs(), 1U);
  publish(3, "foo://10.0.0.2");
  EXPECT_EQ(follower.step(signals_), Outcome::kGood);
  EXPECT_THAT(file(), HasSubstr("10.0.0.2\tusers\n"));
  EXPECT_EQ(runs(), 2U);
  EXPECT_FALSE(is_due());
  EXPECT_THAT(told_, IsEmpty());
  EXPECT_THAT(printed_, ElementsAre(HasSubstr("hosts: written, 79 bytes, generation 1"), HasSubstr("hosts: unchanged, generation 2"),
                                    HasSubstr("hosts: written, 79 bytes, generation 3")));
}

TEST_F(FollowTest, a_file_that_is_right_already_is_not_touched) {
  publish(1, "foo://10.0.0.1");
  { EXPECT_EQ(follower().step(signals_), Outcome::kGood); }
  const auto before = std::filesystem::last_write_time(request_.file) - std::chrono::hours(1);
  std::filesystem::last_write_time(request_.file, before);
  request_.then = counting();
  EXPECT_EQ(follower().step(signals_), Outcome::kGood);
  EXPECT_EQ(std::filesystem::last_write_time(request_.file), before);
  EXPECT_EQ(runs(), 0U);
}

TEST_F(FollowTest, a_file_that_somebody_else_changed_is_made_right_again) {
  publish(1, "foo://10.0.0.1");
  Follower follower = this->follower();
  EXPECT_EQ(follower.step(signals_), Outcome::kGood);
  const std::string good = file();
  std::filesystem::remove(request_.file);
  EXPECT_EQ(follower.step(signals_), Outcome::kGood);
  EXPECT_EQ(file(), good);
}

TEST_F(FollowTest, no_error_touches_the_file_and_each_is_told_once) {
  publish(1, "foo://10.0.0.1");
  Follower follower = this->follower();
  EXPECT_EQ(follower.step(signals_), Outcome::kGood);
  EXPECT_EQ(follower.pause(), request_.every);
  const std::string good = file();
  store_->fail_with(ErrorCode::kTimedOut);
  EXPECT_EQ(follower.step(signals_), Outcome::kFailed);
  EXPECT_EQ(follower.step(signals_), Outcome::kFailed);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(follower.step(signals_), Outcome::kFailed);
  EXPECT_GE(follower.pause(), std::chrono::seconds(150));
  EXPECT_LE(follower.pause(), std::chrono::minutes(5));
  EXPECT_EQ(file(), good);
  store_->heal();
  publish(2, "foo://10.0.0.2");
  EXPECT_EQ(follower.step(signals_), Outcome::kGood);
  EXPECT_EQ(follower.pause(), request_.every);
  EXPECT_THAT(file(), HasSubstr("10.0.0.2\tusers\n"));
  EXPECT_THAT(told_, ElementsAre(HasSubstr("scripted failure"), "scripted://store: all is well again"));
}

TEST_F(FollowTest, a_failure_that_is_worded_anew_each_time_is_told_once) {
  publish(1, "foo://10.0.0.1");
  Follower follower = this->follower();
  int request = 0;
  store_->script([&request](std::string_view, const GetOptions&) -> std::optional<Object> {
    ++request;
    throw Error(request <= 3 ? ErrorCode::kPermissionDenied : ErrorCode::kTimedOut, "scripted://store/current",
                "refused (request " + std::to_string(request) + ")");
  });
  for (int i = 0; i < 6; ++i) EXPECT_EQ(follower.step(signals_), Outcome::kFailed);
  EXPECT_THAT(told_, ElementsAre(HasSubstr("(request 1)"), HasSubstr("(request 4)")));
}

TEST_F(FollowTest, what_cannot_be_exported_is_an_error_until_it_can) {
  publish(1, "foo://10.0.0.1");
  Follower follower = this->follower();
  EXPECT_EQ(follower.step(signals_), Outcome::kGood);
  const std::string good = file();
  store_->publish(2, {{"prod", {service("a/b").uri("foo://10.0.0.1"), service("b.a").uri("foo://10.0.0.2")}}});
  EXPECT_EQ(follower.step(signals_), Outcome::kFailed);
  EXPECT_EQ(follower.step(signals_), Outcome::kFailed);
  EXPECT_EQ(file(), good);
  EXPECT_THAT(told_, ElementsAre(HasSubstr("are both")));
  store_->publish(3, {{"prod", {service("b.a").uri("foo://10.0.0.2")}}});
  EXPECT_EQ(follower.step(signals_), Outcome::kGood);
}

TEST_F(FollowTest, a_store_that_went_back_is_not_followed_by_the_next_process_either) {
  publish(9, "foo://10.0.0.9");
  { EXPECT_EQ(follower().step(signals_), Outcome::kGood); }
  const std::string good = file();
  EXPECT_EQ(text_of(note()), "9 scripted://store\n");
  publish(1, "foo://10.0.0.1");
  { EXPECT_EQ(follower().step(signals_), Outcome::kFailed); }
  EXPECT_EQ(file(), good);
  EXPECT_THAT(told_, ElementsAre(AllOf(HasSubstr("announces generation 1, older than 9"), HasSubstr(note().string() + " is removed"))));
  Follower follower = this->follower();
  EXPECT_EQ(follower.step(signals_), Outcome::kFailed);
  std::filesystem::remove(note());
  EXPECT_EQ(follower.step(signals_), Outcome::kGood);
  EXPECT_THAT(file(), HasSubstr("10.0.0.1\tusers\n"));
  EXPECT_EQ(text_of(note()), "1 scripted://store\n");
}

TEST_F(FollowTest, what_is_kept_of_another_store_holds_nothing_back) {
  publish(1, "foo://10.0.0.1");
  write_text(note(), "9 scripted://another\n");
  EXPECT_EQ(follower().step(signals_), Outcome::kGood);
  EXPECT_EQ(text_of(note()), "1 scripted://store\n");
}

TEST_F(FollowTest, what_is_no_note_of_a_generation_is_told_and_not_replaced) {
  publish(1, "foo://10.0.0.1");
  for (const char* text : {"", "9", "9 scripted://store", "x scripted://store\n", "99999999999999999999 scripted://store\n"}) {
    write_text(note(), text);
    EXPECT_EQ(follower().step(signals_), Outcome::kFailed) << text;
    EXPECT_EQ(text_of(note()), text);
  }
  write_text(folder_ / "precious", "1 scripted://store\n");
  std::filesystem::remove(note());
  std::filesystem::create_symlink("precious", note());
  EXPECT_EQ(follower().step(signals_), Outcome::kFailed);
  EXPECT_EQ(file(), "there is none");
  EXPECT_THAT(told_, Contains(HasSubstr("does not say the generation")).Times(5));
  EXPECT_THAT(told_, Contains(HasSubstr("cannot be read")));
}

TEST_F(FollowTest, what_selects_nothing_does_not_empty_a_file) {
  publish(1, "foo://10.0.0.1");
  { EXPECT_EQ(follower().step(signals_), Outcome::kGood); }
  const std::string good = file();
  request_.what.selection.namespace_name = "prod";
  request_.what.selection.tags = {"nosuch"};
  {
    Follower follower = this->follower();
    EXPECT_EQ(follower.step(signals_), Outcome::kRefused);
    EXPECT_EQ(follower.step(signals_), Outcome::kRefused);
  }
  EXPECT_EQ(file(), good);
  EXPECT_THAT(told_, ElementsAre(HasSubstr("hosts: not replaced: generation 1 would leave no service in it: no service of prod has the tag "
                                           "nosuch; --allow-empty lets it")));
  request_.allow_empty = true;
  { EXPECT_EQ(follower().step(signals_), Outcome::kGood); }
  EXPECT_NE(file(), good);
  request_.allow_empty = false;
  EXPECT_EQ(follower().step(signals_), Outcome::kGood);  // it is empty already
}

TEST_F(FollowTest, what_selects_nothing_is_written_where_there_is_nothing) {
  store_->publish(1, {{"prod", {}}});
  EXPECT_EQ(follower().step(signals_), Outcome::kGood);
  EXPECT_NE(file(), "there is none");
}

TEST_F(FollowTest, a_command_that_failed_is_run_again_also_by_the_next_process) {
  publish(1, "foo://10.0.0.1");
  request_.then = counting() + "; exit 1";
  {
    Follower follower = this->follower();
    EXPECT_EQ(follower.step(signals_), Outcome::kFailed);
    EXPECT_EQ(follower.step(signals_), Outcome::kFailed);
    EXPECT_EQ(follower.pause(), request_.every);
  }
  EXPECT_EQ(runs(), 2U);
  EXPECT_THAT(told_, ElementsAre("--then: ended with status 1; it is run again until it ends with status 0"));
  EXPECT_TRUE(is_due());
  request_.then = counting();
  EXPECT_EQ(follower().step(signals_), Outcome::kGood);
  EXPECT_EQ(runs(), 3U);
  EXPECT_FALSE(is_due());
}

TEST_F(FollowTest, a_command_that_ends_well_again_is_told) {
  publish(1, "foo://10.0.0.1");
  request_.then = "test -e " + (folder_ / "healed").string();
  Follower follower = this->follower();
  EXPECT_EQ(follower.step(signals_), Outcome::kFailed);
  write_text(folder_ / "healed", "");
  EXPECT_EQ(follower.step(signals_), Outcome::kGood);
  publish(2, "foo://10.0.0.2");
  EXPECT_EQ(follower.step(signals_), Outcome::kGood);
  EXPECT_THAT(told_, ElementsAre(HasSubstr("ended with status 1"), "--then: ended with status 0"));
}

TEST_F(FollowTest, what_has_the_name_of_the_mark_is_not_written_to) {
  publish(1, "foo://10.0.0.1");
  write_text(folder_ / "precious", "precious");
  std::filesystem::create_symlink("precious", folder_ / ".hosts.then");
  request_.then = counting();
  EXPECT_EQ(follower().step(signals_), Outcome::kFailed);
  EXPECT_EQ(text_of(folder_ / "precious"), "precious");
  EXPECT_THAT(told_, ElementsAre(HasSubstr(".hosts.then: cannot be created")));
  EXPECT_EQ(file(), "there is none");
  std::filesystem::rename(folder_ / "precious", folder_ / ".hosts.then");
  EXPECT_EQ(follower().step(signals_), Outcome::kGood);
  EXPECT_EQ(runs(), 1U);
}

TEST_F(FollowTest, a_mark_that_cannot_be_removed_is_told) {
  publish(1, "foo://10.0.0.1");
  std::filesystem::create_directories(folder_ / ".hosts.then" / "full");
  { EXPECT_EQ(follower().step(signals_), Outcome::kGood); }
  request_.then = counting();
  Follower follower = this->follower();
  EXPECT_EQ(follower.step(signals_), Outcome::kFailed);
  EXPECT_EQ(follower.step(signals_), Outcome::kFailed);
  EXPECT_THAT(told_, ElementsAre(HasSubstr(".hosts.then: cannot be removed")));
}

TEST_F(FollowTest, what_loses_something_is_refused_where_nothing_may_be_lost) {
  publish(1, "foo://10.0.0.1");
  request_.strict = true;
  Follower follower = this->follower();
  EXPECT_EQ(follower.step(signals_), Outcome::kGood);
  const std::string good = file();
  publish(2, "foo://10.0.0.2:80");
  EXPECT_EQ(follower.step(signals_), Outcome::kRefused);
  EXPECT_EQ(follower.step(signals_), Outcome::kRefused);
  EXPECT_EQ(file(), good);
  EXPECT_THAT(told_, ElementsAre(HasSubstr("with a port"), HasSubstr("--strict")));
  publish(3, "foo://10.0.0.3");
  EXPECT_EQ(follower.step(signals_), Outcome::kGood);
  EXPECT_THAT(file(), HasSubstr("10.0.0.3\tusers\n"));
}

}  // namespace
}  // namespace almanac::inspect
