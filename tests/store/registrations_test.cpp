// Registrations under names that are hostile as keys, in a directory and in an S3 bucket on a real server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "every_store.h"
#include "inspect/json_text.h"
#include "registrations/registered.h"
#include "registrations/registering.h"
#include "support/store_keys.h"

namespace almanac::registrations {
namespace {

Registration registration(const std::string& namespace_name, const std::string& name, const std::string& registrant) {
  Registration made = {registrant, namespace_name, name, std::chrono::hours(1), {}};
  inspect::JsonText(made.record)
      .begin_object()
      .key("namespace")
      .string(namespace_name)
      .key("name")
      .string(name)
      .key("value")
      .string("1")
      .end_object();
  return made;
}

class RegistrationsTest : public support::EveryStoreTest {
 protected:
  [[nodiscard]] Reading read() {
    progress::Progress silent;
    return read_registrations(*store_, {}, silent);
  }
};

INSTANTIATE_TEST_SUITE_P(All, RegistrationsTest, support::kEveryStore, support::name_of_store);

TEST_P(RegistrationsTest, names_may_have_any_letters) {
  const std::vector<std::string> names = {"a b",
                                          "a+b",
                                          "a/b",
                                          "a%2Fb",
                                          "größe/日本語/🗺",
                                          ".",
                                          "..",
                                          ".hidden",
                                          "../../etc/passwd",
                                          "~",
                                          "a~b",
                                          "a?b=c#d",
                                          "a&b;c=d",
                                          "\\",
                                          "\"",
                                          "<x>",
                                          "$(x)",
                                          "{}",
                                          "'",
                                          "e\xCC\x81",
                                          ".json",
                                          "-n",
                                          "CON",
                                          "a\xE2\x80\xAE"
                                          "b",
                                          std::string(1000, 'n'),
                                          std::string(1000, '%'),
                                          std::string(999, '%') + "x"};
  std::vector<Registration> all;
  for (const std::string& name : names) {
    all.push_back(registration(name.substr(0, 255), name, std::to_string(all.size()) + "/" + name.substr(0, 900)));
  }
  for (const Registration& each : all) EXPECT_EQ(put(*store_, each).change, Change::kNew) << each.name;
  for (const Registration& each : all) EXPECT_EQ(put(*store_, each).change, Change::kRenewed) << each.name;
  const Reading reading = read();
  for (const Unreadable& each : reading.unreadable) ADD_FAILURE() << each.error.what();
  ASSERT_EQ(reading.registered.size(), all.size());
  EXPECT_TRUE(std::ranges::is_sorted(reading.registered, {}, &Registered::key));
  for (const Registration& each : all) {
    const auto found =
        std::ranges::find_if(reading.registered, [&](const Registered& other) { return other.registration.record == each.record; });
    ASSERT_NE(found, reading.registered.end()) << each.name;
    EXPECT_EQ(found->registration.registrant, each.registrant);
    EXPECT_FALSE(found->lapsed);
    EXPECT_EQ(keys_of(*store_, each.registrant), std::vector{found->key});
    EXPECT_TRUE(remove(*store_, found->key));
  }
  EXPECT_THAT(support::keys_of(*store_, ""), testing::IsEmpty());
}

// Their own, and one that they share.
TEST_P(RegistrationsTest, many_registrants_at_once_all_come_through) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 5;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([this, i] {
        const std::unique_ptr<Store> mine = open();
        progress::Progress silent;
        const std::string who = "host/" + std::to_string(i);
        for (int round = 0; round < kRounds; ++round) {
          std::vector<Registration> all = {registration("prod", "users", who)};
          for (int other = 0; other < 3; ++other) all.push_back(registration("prod", "own" + std::to_string(round + other), who));
          EXPECT_NO_THROW((void)declare(*mine, who, all, silent));
          EXPECT_NO_THROW((void)put(*mine, registration("prod", "shared", "everybody")));
        }
      });
    }
  }
  const Reading reading = read();
  EXPECT_TRUE(reading.unreadable.empty());
  EXPECT_EQ(reading.registered.size(), kThreads * 4U + 1U);
  for (int i = 0; i < kThreads; ++i) EXPECT_EQ(keys_of(*store_, "host/" + std::to_string(i)).size(), 4U);
}

}  // namespace
}  // namespace almanac::registrations
