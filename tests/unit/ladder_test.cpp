// What a registry opens with, rung by rung; through Registry, as users see it.
#include "ladder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/clean_environment.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/scripted_store.h"
#include "support/temporary_directory.h"

namespace almanac {
namespace {

using support::announced;
using support::error_from;
using support::IsError;
using support::kNowhere;
using support::ScriptedStore;
using support::service;
using support::snapshot_of;
using support::users_at;
using testing::AllOf;
using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr const char* kCurrent = "scripted://store/current";
constexpr ErrorCode kAllCodes[] = {ErrorCode::kNotFound,      ErrorCode::kInputOutput, ErrorCode::kForeign,
                                   ErrorCode::kTruncated,     ErrorCode::kCorrupt,     ErrorCode::kUnsupportedVersion,
                                   ErrorCode::kLimitExceeded, ErrorCode::kConflict,    ErrorCode::kPermissionDenied,
                                   ErrorCode::kTimedOut,      ErrorCode::kUnsupported, ErrorCode::kInvalidArgument};

class LadderTest : public testing::Test {
 protected:
  [[nodiscard]] RegistryOptions options() const {
    RegistryOptions made;
    made.cache_directory = folder_ / "cache";
    made.max_age = 1h;
    made.bundled = bundled_;
    return made;
  }
  [[nodiscard]] Registry open() const { return Registry::open(store_, options()); }
  [[nodiscard]] Error refusal() const {
    return error_from([&] { (void)open(); });
  }

  void bundle(const std::vector<std::byte>& bytes) {
    bundled_ = folder_ / "bundled";
    support::write_bytes(bundled_, bytes);
  }

  static void expect_serves(Registry& registry, const std::string& uri, std::uint64_t generation, Origin origin) {
    const View view = registry.view();
    EXPECT_EQ(view.find("users").value().uri(), uri);
    EXPECT_EQ(view.generation(), generation);
    EXPECT_EQ(registry.status().generation, generation);
    EXPECT_EQ(registry.status().origin, origin) << to_string(registry.status().origin);
    EXPECT_EQ(registry.status().id, view.snapshot().id());
  }

  support::CleanEnvironment environment_;
  support::TemporaryDirectory folder_;
  std::filesystem::path bundled_;
  std::shared_ptr<ScriptedStore> store_ = std::make_shared<ScriptedStore>();
};

TEST_F(LadderTest, the_store_comes_first) {
  store_->publish(3, users_at("http://store"));
  bundle(snapshot_of(users_at("http://bundled")));
  Registry registry = open();
  expect_serves(registry, "http://store", 3, Origin::kStore);
  EXPECT_EQ(store_->gets().size(), 1U);
  const RegistryStatus status = registry.status();
  EXPECT_EQ(status.failures, 0U);
  EXPECT_EQ(status.last_error, "");
  EXPECT_EQ(status.revision, "r3");
  EXPECT_LT(status.age, 60s);
  EXPECT_EQ(status.traffic.requests, 1U);
  EXPECT_EQ(status.traffic.bytes, announced(3, snapshot_of(users_at("http://store"))).size());
}

TEST_F(LadderTest, any_error_of_the_store_leads_to_the_last_good_copy) {
  store_->publish(3, users_at("http://3"));
  (void)open();
  for (const ErrorCode code : kAllCodes) {
    store_->fail_with(code);
    Registry registry = open();
    expect_serves(registry, "http://3", 3, Origin::kCache);
    const RegistryStatus status = registry.status();
    EXPECT_EQ(status.failures, 1U);
    EXPECT_EQ(status.last_error, std::string(kCurrent) + ": scripted failure");
    EXPECT_EQ(status.checked, std::chrono::system_clock::time_point());
    EXPECT_GE(status.age, std::chrono::hours(24 * 365));  // of the time that it was published
    EXPECT_EQ(status.revision, "r3");
  }
}

TEST_F(LadderTest, whatever_a_store_throws_or_gives_leads_there) {
  store_->publish(3, users_at("http://3"));
  (void)open();
  const std::vector<std::pair<ScriptedStore::Script, const char*>> cases = {
      {[](std::string_view, const GetOptions&) -> std::optional<Object> { throw 42; }, "threw what is no std::exception"},
      {[](std::string_view, const GetOptions&) -> std::optional<Object> { throw std::runtime_error("out of luck"); }, "out of luck"},
      {[](std::string_view, const GetOptions&) { return std::nullopt; }, "the store gave nothing"},
      {[](std::string_view, const GetOptions&) { return Object(); }, "is not an almanac announcement"},
  };
  for (const auto& [script, words] : cases) {
    store_->script(script);
    Registry registry = open();
    expect_serves(registry, "http://3", 3, Origin::kCache);
    EXPECT_THAT(registry.status().last_error, AllOf(testing::StartsWith(std::string(kCurrent) + ": "), HasSubstr(words)));
  }
}

TEST_F(LadderTest, without_a_copy_the_bundled_file_is_served) {
  store_->fail_with(ErrorCode::kTimedOut);
  const std::vector<std::byte> snapshot = snapshot_of(users_at("http://bundled"));
  bundle(snapshot);
  Registry registry = open();
  expect_serves(registry, "http://bundled", 0, Origin::kBundled);
  const RegistryStatus status = registry.status();
  EXPECT_EQ(status.age, 0ms);
  EXPECT_EQ(status.published, std::chrono::system_clock::time_point());
  EXPECT_EQ(status.revision, "r1");
  EXPECT_EQ(status.last_error, std::string(kCurrent) + ": scripted failure");
}

TEST_F(LadderTest, a_bundled_announcement_has_a_generation) {
  store_->fail_with(ErrorCode::kTimedOut);
  bundle(announced(7, snapshot_of(users_at("http://bundled"))));
  Registry registry = open();
  expect_serves(registry, "http://bundled", 7, Origin::kBundled);
  EXPECT_EQ(registry.status().revision, "r7");
  EXPECT_GE(registry.status().age, std::chrono::hours(24 * 365));
}

TEST_F(LadderTest, the_copy_comes_before_the_bundled_file) {
  store_->publish(3, users_at("http://copy"));
  (void)open();
  bundle(announced(9, snapshot_of(users_at("http://bundled"))));
  store_->fail_with(ErrorCode::kTimedOut);
  Registry registry = open();
  expect_serves(registry, "http://copy", 3, Origin::kCache);
}

TEST_F(LadderTest, nothing_to_serve_tells_every_rung_with_the_code_of_the_store) {
  for (const ErrorCode code : kAllCodes) {
    store_->fail_with(code);
    const Error error = refusal();
    EXPECT_EQ(error.code(), code);
    EXPECT_EQ(error.object(), "scripted://store");
    EXPECT_EQ(error.what(), "scripted://store: nothing to serve: (1) the store: current: scripted failure; (2) the last good copy: " +
                                (folder_ / "cache").string() +
                                ": holds no copy of this store, or none that is whole; (3) the bundled file: none is named by "
                                "RegistryOptions::bundled or ALMANAC_BUNDLED");
  }
  bundled_ = folder_ / "none";
  EXPECT_THAT(refusal().what(), HasSubstr("; (3) the bundled file: " + bundled_.string() + ": cannot be opened"));
}

TEST_F(LadderTest, a_bundled_file_that_is_none_is_one_more_reason) {
  store_->fail_with(ErrorCode::kTimedOut);
  bundle(std::vector<std::byte>(4096, std::byte{'x'}));
  EXPECT_THAT(refusal().what(), HasSubstr("; (3) the bundled file: " + bundled_.string() + ": is not an almanac snapshot"));
  bundle({});
  EXPECT_EQ(refusal().code(), ErrorCode::kTimedOut);
  std::vector<std::byte> cut = announced(1, snapshot_of(users_at("http://bundled")));
  cut.resize(20);
  bundle(cut);
  EXPECT_THAT(refusal().what(), HasSubstr("; (3) the bundled file: " + bundled_.string() + ": "));
  bundled_ = folder_.path();
  EXPECT_THAT(refusal().what(), HasSubstr("is not a regular file"));
}

TEST_F(LadderTest, a_namespace_that_is_missing_is_a_reason_on_every_rung) {
  store_->publish(1, users_at("http://1"));
  (void)open();
  bundle(snapshot_of({{"test", {service("users").uri("http://test")}}}));
  environment_.set("ALMANAC_NAMESPACE", "stage");
  const Error error = refusal();
  EXPECT_EQ(error.code(), ErrorCode::kNotFound);
  EXPECT_THAT(error.what(),
              AllOf(HasSubstr("(1) the store: current: has no namespace \"stage\"; it has \"prod\""),
                    HasSubstr("; (2) the last good copy: " + (folder_ / "cache").string()), HasSubstr(".current: the same; (3) "),
                    HasSubstr("the bundled file: " + bundled_.string() + ": has no namespace \"stage\"; it has \"test\"")));
  environment_.set("ALMANAC_NAMESPACE", "test");
  Registry registry = open();
  expect_serves(registry, "http://test", 0, Origin::kBundled);
}

// Who publishes a second one stops nobody who names none.
TEST_F(LadderTest, several_namespaces_and_none_named_is_a_reason_on_every_rung) {
  store_->publish(1, users_at("http://1"));
  (void)open();
  const std::vector<support::NamespaceBuilder> two = {{"prod", {}}, {"test", {}}};
  store_->publish(2, two);
  Registry registry = open();
  expect_serves(registry, "http://1", 1, Origin::kCache);
  const std::string why =
      "has no caller rules; neither RegistryOptions::namespace_name nor ALMANAC_NAMESPACE names a namespace; it has \"prod\", \"test\"";
  EXPECT_EQ(registry.status().last_error, std::string(kCurrent) + ": " + why);
  EXPECT_EQ(registry.status().failures, 1U);

  std::filesystem::remove_all(folder_ / "cache");
  bundle(snapshot_of(two));
  EXPECT_THAT(refusal(),
              IsError(ErrorCode::kInvalidArgument, "scripted://store", kNowhere, "nothing to serve: (1) the store: current: " + why));
  EXPECT_THAT(refusal().what(), HasSubstr("; (3) the bundled file: " + bundled_.string() + ": the same"));
  bundle(snapshot_of(users_at("http://bundled")));
  Registry from_bundled = open();
  expect_serves(from_bundled, "http://bundled", 0, Origin::kBundled);
}

TEST_F(LadderTest, a_setting_that_cannot_be_is_not_hidden_by_what_could_be_served) {
  bundle(snapshot_of(users_at("http://bundled")));
  store_->publish(1, users_at("http://1"));
  (void)open();
  const std::size_t before = store_->gets().size();
  environment_.set("ALMANAC_MAX_AGE", "soon");
  RegistryOptions from_environment = options();
  from_environment.max_age.reset();
  EXPECT_EQ(error_from([&] { (void)Registry::open(store_, from_environment); }).object(), "ALMANAC_MAX_AGE");
  EXPECT_EQ(store_->gets().size(), before);
}

TEST_F(LadderTest, an_older_generation_than_wanted_is_refused_on_every_rung) {
  store_->publish(5, users_at("http://5"));
  (void)open();
  bundle(announced(5, snapshot_of(users_at("http://bundled"))));
  environment_.set("ALMANAC_MIN_GENERATION", "6");
  const Error error = refusal();
  EXPECT_EQ(error.code(), ErrorCode::kConflict);
  const std::string why = "announces generation 5, and 6 is the oldest that may be served";
  EXPECT_THAT(error.what(), AllOf(HasSubstr("(1) the store: current: " + why), HasSubstr(".current: the same"),
                                  HasSubstr("(3) the bundled file: " + bundled_.string() + ": the same")));
  bundle(snapshot_of(users_at("http://bundled")));
  EXPECT_THAT(refusal().what(), HasSubstr("the bundled file: " + bundled_.string() + ": has no generation, and 6 is the oldest"));
  environment_.set("ALMANAC_MIN_GENERATION", "5");
  Registry registry = open();
  expect_serves(registry, "http://5", 5, Origin::kStore);
}

TEST_F(LadderTest, an_older_store_does_not_hide_a_newer_copy) {
  store_->publish(5, users_at("http://5"));
  (void)open();
  store_->publish(4, users_at("http://4"));
  environment_.set("ALMANAC_MIN_GENERATION", "5");
  Registry registry = open();
  expect_serves(registry, "http://5", 5, Origin::kCache);
  EXPECT_THAT(registry.status().last_error, HasSubstr("announces generation 4"));
}

// The store's silence uses up the time; what is here already is served at once.
TEST_F(LadderTest, a_store_is_waited_for_until_the_deadline_and_not_asked_again) {
  const std::string key = store_->publish_head(1, support::snapshot_of_two_frames("http://1"));
  RegistryOptions hasty = options();
  hasty.namespace_name = "prod";
  (void)Registry::open(store_, hasty);
  // The copy stays, and the frame that it needs does not.
  for (const std::string& name : support::names_in(folder_ / "cache")) {
    if (name.ends_with(".frame")) std::filesystem::remove(folder_ / "cache" / name);
  }
  hasty.open_deadline = 30ms;
  const std::size_t before = store_->gets().size();
  store_->script([](std::string_view asked, const GetOptions& get) -> std::optional<Object> {
    std::this_thread::sleep_until(get.deadline);
    throw Error(ErrorCode::kTimedOut, std::string(asked), "no answer");
  });
  const Error error = error_from([&] { (void)Registry::open(store_, hasty); });
  EXPECT_EQ(error.code(), ErrorCode::kTimedOut);
  EXPECT_THAT(error.what(),
              AllOf(HasSubstr("(1) the store: current: no answer"), HasSubstr("; (2) the last good copy: " + key + ": was not asked for")));
  EXPECT_EQ(store_->gets().size(), before + 1);
}

TEST_F(LadderTest, a_large_snapshot_is_two_requests_within_one_deadline) {
  const std::string key = store_->publish_head(1, support::snapshot_of_two_frames("http://1"));
  RegistryOptions named = options();
  named.namespace_name = "prod";
  Registry registry = Registry::open(store_, named);
  expect_serves(registry, "http://1", 1, Origin::kStore);
  const auto gets = store_->gets();
  ASSERT_EQ(gets.size(), 2U);
  EXPECT_EQ(gets[0].key, "current");
  EXPECT_EQ(gets[0].options.max_size, internal::kMaxAnnouncedSize);
  EXPECT_EQ(gets[1].key, key);
  EXPECT_EQ(gets[0].options.deadline, gets[1].options.deadline);
  EXPECT_LE(gets[1].options.deadline, std::chrono::steady_clock::now() + named.open_deadline);
  EXPECT_GT(gets[1].options.offset, 0U);
}

TEST_F(LadderTest, the_frames_of_a_large_copy_come_from_the_cache_directory) {
  store_->publish_head(1, support::snapshot_of_two_frames("http://1"));
  RegistryOptions named = options();
  named.namespace_name = "prod";
  (void)Registry::open(store_, named);
  store_->fail_with(ErrorCode::kPermissionDenied);
  const std::size_t before = store_->gets().size();
  Registry registry = Registry::open(store_, named);
  expect_serves(registry, "http://1", 1, Origin::kCache);
  EXPECT_EQ(store_->gets().size(), before + 1);
}

TEST_F(LadderTest, a_namespace_that_is_not_here_is_a_clear_error_when_the_store_fails) {
  const std::string key = store_->publish_head(1, support::snapshot_of_two_frames("http://1"));
  RegistryOptions named = options();
  named.namespace_name = "prod";
  Registry registry = Registry::open(store_, named);
  const View view = registry.view();
  store_->fail_with(ErrorCode::kPermissionDenied);
  EXPECT_THAT(error_from([&] { (void)view.in("other"); }),
              IsError(ErrorCode::kPermissionDenied, "scripted://store/" + key, kNowhere, "scripted failure"));
  store_->script([](std::string_view, const GetOptions&) -> std::optional<Object> { throw 42; });
  EXPECT_EQ(error_from([&] { (void)view.in("other"); }).code(), ErrorCode::kInputOutput);
  store_->heal();
  EXPECT_EQ(view.in("other").find("others").value().uri(), "http://others");
  // Opening was long ago: what is asked for now is not under its deadline.
  EXPECT_EQ(store_->gets().back().options.deadline, Deadline::max());
}

// A store whose name says less than where it is.
class PlacedStore final : public ScriptedStore {
 public:
  using Place = std::function<std::string()>;
  explicit PlacedStore(std::string name, Place place) : ScriptedStore(std::move(name)), place_(std::move(place)) {}
  [[nodiscard]] std::string identity() const override { return place_(); }

 private:
  Place place_;
};

TEST_F(LadderTest, a_copy_is_found_again_by_the_identity_of_its_store) {
  const auto at = [](std::string place) { return [place = std::move(place)] { return place; }; };
  store_ = std::make_shared<PlacedStore>("s3://acme/live", at("https://one.example/acme/live"));
  store_->publish(1, users_at("http://1"));
  (void)open();
  store_ = std::make_shared<PlacedStore>("s3://acme/live", at("https://two.example/acme/live"));
  EXPECT_EQ(refusal().code(), ErrorCode::kNotFound);
  store_ = std::make_shared<PlacedStore>("live", at("https://one.example/acme/live"));
  Registry registry = open();
  expect_serves(registry, "http://1", 1, Origin::kCache);
}

TEST_F(LadderTest, a_store_that_cannot_tell_its_identity_is_served_without_a_copy) {
  store_ = std::make_shared<PlacedStore>("scripted://store", []() -> std::string { throw 42; });
  store_->publish(1, users_at("http://1"));
  Registry registry = open();
  expect_serves(registry, "http://1", 1, Origin::kStore);
  store_->fail_with(ErrorCode::kTimedOut);
  EXPECT_THAT(refusal().what(), HasSubstr("the store has no identity to find its copy by"));
}

}  // namespace
}  // namespace almanac
