#include "settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "bytes.h"
#include "support/child_process.h"
#include "support/clean_environment.h"
#include "support/environment_variable.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/temporary_directory.h"

namespace almanac::internal {
namespace {

using support::error_from;
using support::IsError;
using support::kNowhere;
using namespace std::chrono_literals;

TEST(Settings, durations_have_a_unit_or_are_of_seconds) {
  EXPECT_EQ(parse_duration("500ms", "X"), 500ms);
  EXPECT_EQ(parse_duration("60s", "X"), 60s);
  EXPECT_EQ(parse_duration("5m", "X"), 5min);
  EXPECT_EQ(parse_duration("1h", "X"), 1h);
  EXPECT_EQ(parse_duration("1d", "X"), 24h);
  EXPECT_EQ(parse_duration("90", "X"), 90s);
  EXPECT_EQ(parse_duration("0", "X"), 0ms);
}

TEST(Settings, a_duration_without_end_is_the_longest) {
  for (const char* unit : {"", "ms", "s", "m", "h"}) EXPECT_LE(parse_duration("18446744073709551615" + std::string(unit), "X"), kLongest);
  EXPECT_EQ(parse_duration("18446744073709551615h", "X"), kLongest);
}

TEST(Settings, what_is_no_duration_is_refused) {
  for (const char* text : {"", "s", "-1", "+1", " 1", "1 s", "1.5s", "1w", "60S", "1e3", "forever", "99999999999999999999"}) {
    EXPECT_THAT(error_from([&] { (void)parse_duration(text, "ALMANAC_MAX_AGE"); }),
                IsError(ErrorCode::kInvalidArgument, "ALMANAC_MAX_AGE", kNowhere,
                        "takes a time such as 60s, 500ms, 5m, 1h, 1d or a number of seconds, got \"" + std::string(text) + "\""));
  }
}

TEST(Settings, a_generation_is_a_whole_number) {
  EXPECT_EQ(parse_generation("0", "X"), 0U);
  EXPECT_EQ(parse_generation("18446744073709551615", "X"), UINT64_MAX);
  for (const char* text : {"", "-1", "1.0", "seven", "7 ", "18446744073709551616"}) {
    EXPECT_THAT(error_from([&] { (void)parse_generation(text, "ALMANAC_MIN_GENERATION"); }),
                IsError(ErrorCode::kInvalidArgument, "ALMANAC_MIN_GENERATION", kNowhere,
                        "takes the number of a generation, 0 or more, got \"" + std::string(text) + "\""));
  }
}

class SettledTest : public testing::Test {
 protected:
  void set_all() {
    environment_.set("ALMANAC_NAMESPACE", "from-environment");
    environment_.set("ALMANAC_CACHE_DIR", "/from/environment");
    environment_.set("ALMANAC_BUNDLED", "/from/environment.almanac");
    environment_.set("ALMANAC_MAX_AGE", "5m");
    environment_.set("ALMANAC_MIN_GENERATION", "7");
  }
  support::CleanEnvironment environment_;
};

TEST_F(SettledTest, defaults_are_as_the_header_says) {
  const RegistryOptions options = settled({});
  EXPECT_EQ(options.namespace_name, "");
  EXPECT_EQ(options.cache_directory, std::filesystem::temp_directory_path() / ("almanac-" + std::to_string(::geteuid())));
  EXPECT_EQ(options.bundled, "");
  EXPECT_EQ(options.max_age, 60s);
  EXPECT_EQ(options.min_generation, 0U);
  EXPECT_EQ(options.open_deadline, 2s);
  EXPECT_EQ(options.refresh_deadline, 250ms);
  EXPECT_FALSE(options.background);
}

TEST_F(SettledTest, the_environment_comes_before_defaults) {
  set_all();
  const RegistryOptions options = settled({});
  EXPECT_EQ(options.namespace_name, "from-environment");
  EXPECT_EQ(options.cache_directory, "/from/environment");
  EXPECT_EQ(options.bundled, "/from/environment.almanac");
  EXPECT_EQ(options.max_age, 5min);
  EXPECT_EQ(options.min_generation, 7U);
}

TEST_F(SettledTest, options_come_before_the_environment) {
  set_all();
  RegistryOptions given;
  given.namespace_name = "given";
  given.cache_directory = "/given";
  given.bundled = "/given.almanac";
  given.max_age = 1s;
  given.min_generation = 0;
  const RegistryOptions options = settled(given);
  EXPECT_EQ(options.namespace_name, "given");
  EXPECT_EQ(options.cache_directory, "/given");
  EXPECT_EQ(options.bundled, "/given.almanac");
  EXPECT_EQ(options.max_age, 1s);
  EXPECT_EQ(options.min_generation, 0U);
}

TEST_F(SettledTest, an_empty_variable_is_not_set) {
  for (const char* name : {"ALMANAC_NAMESPACE", "ALMANAC_BUNDLED", "ALMANAC_MAX_AGE", "ALMANAC_MIN_GENERATION"}) environment_.set(name, "");
  const RegistryOptions options = settled({});
  EXPECT_EQ(options.max_age, 60s);
  EXPECT_EQ(options.min_generation, 0U);
}

TEST_F(SettledTest, a_value_that_cannot_be_read_is_an_error_unless_an_option_is_given) {
  environment_.set("ALMANAC_MAX_AGE", "soon");
  EXPECT_EQ(error_from([] { (void)settled({}); }).object(), "ALMANAC_MAX_AGE");
  RegistryOptions given;
  given.max_age = 1s;
  EXPECT_EQ(settled(given).max_age, 1s);
  environment_.set("ALMANAC_MIN_GENERATION", "latest");
  EXPECT_EQ(error_from([&] { (void)settled(given); }).object(), "ALMANAC_MIN_GENERATION");
}

TEST_F(SettledTest, any_duration_is_one_that_a_clock_can_hold) {
  RegistryOptions given;
  given.max_age = std::chrono::milliseconds::min();
  given.open_deadline = std::chrono::milliseconds::max();
  given.refresh_deadline = -1ms;
  const RegistryOptions options = settled(given);
  EXPECT_EQ(options.max_age, 0ms);
  EXPECT_EQ(options.open_deadline, kLongest);
  EXPECT_EQ(options.refresh_deadline, 0ms);
}

TEST_F(SettledTest, the_caller_is_the_one_given_or_that_of_the_environment) {
  environment_.set("ALMANAC_CALLER", "role=checkout,instance=i-1");
  EXPECT_EQ(settled({}).caller->get("role"), "checkout");
  EXPECT_EQ(settled({}).caller->get("instance"), "i-1");
  RegistryOptions given;
  given.caller = Caller().set("role", "given").set("instance", "i-2");
  EXPECT_EQ(settled(given).caller->text(), "instance=i-2,role=given");
  environment_.set("ALMANAC_CALLER", "nonsense");
  EXPECT_EQ(error_from([] { (void)settled({}); }).object(), "ALMANAC_CALLER");
  EXPECT_EQ(settled(given).caller->get("instance"), "i-2");
}

TEST_F(SettledTest, a_caller_without_an_instance_gets_that_of_the_process) {
  RegistryOptions given;
  given.caller = Caller().set("role", "given");
  const std::string first(settled(given).caller->get("instance"));
  EXPECT_EQ(first.size(), 32U);
  EXPECT_EQ(settled(given).caller->get("instance"), first);
  EXPECT_EQ(settled(given).caller->get("role"), "given");
  EXPECT_EQ(settled({}).caller->get("instance"), first);
}

// Before the parent's was drawn, where this test has a process of its own, and after that.
TEST_F(SettledTest, processes_that_were_forked_have_instances_of_their_own) {
  const support::TemporaryDirectory folder;
  const auto of_children = [&folder] {
    constexpr int kChildren = 8;
    std::set<std::string> instances;
    std::filesystem::create_directory(folder / "children");
    const std::vector<int> statuses = support::in_child_processes(kChildren, [&folder] {
      const std::string instance(settled({}).caller->get("instance"));
      if (settled({}).caller->get("instance") != instance) return 1;
      support::write_bytes(folder / "children" / std::to_string(::getpid()), as_bytes(instance));
      return 0;
    });
    EXPECT_THAT(statuses, testing::Each(0));
    for (const auto& file : std::filesystem::directory_iterator(folder / "children")) {
      instances.emplace(as_text(support::read_bytes(file.path())));
    }
    EXPECT_EQ(instances.size(), std::size_t{kChildren});
    std::filesystem::remove_all(folder / "children");
    return instances;
  };
  std::set<std::string> all = of_children();
  const std::string own(settled({}).caller->get("instance"));
  all.merge(of_children());
  EXPECT_EQ(all.size(), 16U);
  EXPECT_FALSE(all.contains(own));
}

TEST_F(SettledTest, without_a_folder_for_temporary_files_there_is_no_cache) {
  const support::EnvironmentVariable folder("TMPDIR", "/dev/null");
  EXPECT_EQ(settled({}).cache_directory, "");
}

}  // namespace
}  // namespace almanac::internal
