#include "registrations/registration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/error_matchers.h"

namespace almanac::registrations {
namespace {

using std::chrono::seconds;
using support::error_from;
using support::IsError;
using support::kNowhere;
using testing::HasSubstr;

Registration users() {
  return {"stack/users-prod", "prod", "users", seconds(86400), R"({"namespace":"prod","name":"users","endpoints":[{"uri":"http://1"}]})"};
}

std::vector<std::string> segments_of(std::string_view key) {
  std::vector<std::string> segments;
  for (std::size_t slash = key.find('/'); slash != std::string_view::npos; slash = key.find('/')) {
    segments.emplace_back(key.substr(0, slash));
    key.remove_prefix(slash + 1);
  }
  segments.emplace_back(key);
  return segments;
}

TEST(RegistrationKeyTest, has_a_segment_for_each_name) {
  EXPECT_EQ(registration_key("prod", "users", "stack/users-prod"), "registrations/prod/users/stack%2Fusers-prod.json");
  EXPECT_EQ(registration_key("prod/eu", "payments/api", "a_b.c-d"), "registrations/prod%2Feu/payments%2Fapi/a_b.c-d.json");
  EXPECT_EQ(registration_key(".", "..", "..."), "registrations/%2E/%2E%2E/%2E%2E%2E.json");
  EXPECT_EQ(registration_key(".hidden", "a.b", "~"), "registrations/%2Ehidden/a.b/%7E.json");
  EXPECT_EQ(registration_key("größe", " ", "%2F"), "registrations/gr%C3%B6%C3%9Fe/%20/%252F.json");
}

TEST(RegistrationKeyTest, what_is_long_is_cut_at_no_half_escape_and_told_apart_by_its_digest) {
  EXPECT_EQ(segments_of(registration_key(std::string(160, 'a'), "b", "c"))[1], std::string(160, 'a'));
  const auto cut = [](const std::string& name) { return segments_of(registration_key("a", name, "c"))[2]; };
  const std::string digest = "~[0-9a-f]{32}";
  EXPECT_THAT(cut(std::string(161, 'a')), testing::MatchesRegex("a{120}" + digest));
  EXPECT_THAT(cut(std::string(119, 'a') + std::string(60, '/')), testing::MatchesRegex("a{119}" + digest));
  EXPECT_THAT(cut(std::string(118, 'a') + std::string(60, '/')), testing::MatchesRegex("a{118}" + digest));
  EXPECT_THAT(cut(std::string(117, 'a') + std::string(60, '/')), testing::MatchesRegex("a{117}%2F" + digest));
  EXPECT_NE(cut(std::string(500, 'a')), cut(std::string(501, 'a')));
  EXPECT_EQ(cut(std::string(500, 'a')), cut(std::string(500, 'a')));
}

TEST(RegistrationKeyTest, tells_names_apart_and_is_safe_wherever_it_is_a_file) {
  std::set<std::string> keys;
  std::vector<std::string> names = {"a/b", "a%2Fb", "a%252Fb", "a\\b", "a b", "a+b", "a\nb",
                                    ".a",  "..",    "%2E%2E",  "~",    "a~b", "con", std::string("a\0b", 3)};
  for (int byte = 0; byte < 256; ++byte) names.emplace_back(1, static_cast<char>(byte));
  for (std::size_t size = 1; size < 1100; size += 13) names.emplace_back(size, '\xC3');
  for (const std::string& name : names) {
    const std::string key = registration_key("a", name, "b");
    for (const std::string& segment : segments_of(key)) {
      EXPECT_FALSE(segment.empty() || segment.starts_with('.')) << key;
      EXPECT_LE(segment.size(), 165U) << key;
      EXPECT_EQ(segment.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%"), std::string::npos) << key;
    }
    keys.insert(key);
  }
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  EXPECT_EQ(keys.size(), names.size());
}

TEST(RegistrationKeyTest, tells_whose_it_is) {
  const std::string key = registration_key("prod", "users", "stack/users");
  EXPECT_TRUE(is_key_of(key, "stack/users"));
  EXPECT_FALSE(is_key_of(key, "users"));
  EXPECT_FALSE(is_key_of(key, "stack%2Fusers"));
  const std::string long_name(300, '/');
  EXPECT_TRUE(is_key_of(registration_key("prod", "users", long_name), long_name));
  EXPECT_EQ(service_of_key(registration_key("prod", "payments/api", "x")), "prod/payments/api");
  EXPECT_EQ(service_of_key("registrations/stray"), "stray");
}

TEST(RegistrationTest, is_read_as_it_was_written) {
  Registration written = users();
  EXPECT_THAT(
      encode(written),
      testing::MatchesRegex(
          R"(\{"registrant":"stack/users-prod","lease":"24h","written":"[0-9a-f]{32}","service":\{"namespace":"prod","name":"users",.*\}\})"
          "\n"));
  for (const auto lease : {std::optional<seconds>(), std::optional(seconds(1)), std::optional(seconds(5400))}) {
    written.lease = lease;
    const Registration read = parse_registration(encode(written), "x");
    EXPECT_EQ(read.registrant, written.registrant);
    EXPECT_EQ(read.namespace_name, written.namespace_name);
    EXPECT_EQ(read.name, written.name);
    EXPECT_EQ(read.lease, written.lease);
    EXPECT_EQ(read.record, written.record);
  }
}

// S3 makes the etag of the bytes.
TEST(RegistrationTest, is_written_in_other_bytes_each_time) { EXPECT_NE(encode(users()), encode(users())); }

TEST(RegistrationTest, may_be_written_by_others_as_json_may_be) {
  const Registration read = parse_registration(R"({
    "service": { "name": "us\"}ers", "namespace": "prod",
                 "value": "{\\" },
    "registrant": "a"
  })",
                                               "x");
  EXPECT_EQ(read.name, "us\"}ers");
  EXPECT_EQ(read.lease, std::nullopt);
  EXPECT_EQ(read.record, R"({"name":"us\"}ers","namespace":"prod","value":"{\\"})") << "without its blanks";
}

TEST(RegistrationTest, says_what_is_wrong_with_it) {
  const std::string service = R"("service":{"namespace":"prod","name":"users","value":"1"})";
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"", "not valid JSON: the document is empty (line 1, column 1)"},
      {"[]", "must be an object with a registrant and a service"},
      {"{}", "needs a registrant"},
      {R"({"registrant":"a"})", "needs a service (line 1, column 1)"},
      {R"({"registrant":"",)" + service + "}", "registrant must not be empty"},
      {R"({"registrant":"a\nb",)" + service + "}", "registrant must not hold control characters"},
      {R"({"registrant":"a","lease":"soon",)" + service + "}", "lease must be a whole number above 0 of s, m, h or d"},
      {R"({"registrant":"a","lease":"500ms",)" + service + "}", "lease must be"},
      {R"({"registrant":"a","lease":5,)" + service + "}", "lease must be"},
      {R"({"registrant":"a","leese":"5h",)" + service + "}", R"(unknown field "leese"; did you mean "lease"?)"},
      {R"({"registrant":"a","registrant":"b",)" + service + "}", "registrant"},
      {R"({"registrant":"a",)" + service + "}{}", "something follows the end"},
      {R"({"registrant":"a","service":"users"})", "must be an object with a namespace and a name"},
      {R"({"registrant":"a","service":{"namespace":"prod"}})", "must be one, with its namespace and name"},
      {R"({"registrant":"a","service":{"registry":"x"}})", "must be one, with its namespace and name"},
      {R"({"registrant":"a","service":{"callers":[{"namespace":"prod"}]}})", "must be one, with its namespace and name"},
      {R"({"registrant":"a","service":{"namespace":"prod","inherits":["b"]}})", "must be one, with its namespace and name"},
      {R"({"registrant":"a","service":{"namespace":"prod","name":"users"}})", "needs at least one endpoint or a value"},
      {R"({"registrant":"a","service":{"namespace":"prod","name":"users","endpoints":["no uri"]}})", "uri"},
      {"{\"registrant\":\"\xff\"}", "not UTF-8"},
      {R"({"registrant":"a","service":)" + std::string(70, '['), "not valid JSON"},
  };
  for (const auto& [text, words] : wrong) {
    EXPECT_THAT(error_from([&, text = text] { (void)parse_registration(text, "store/x.json"); }),
                IsError(ErrorCode::kCorrupt, "store/x.json", kNowhere, words))
        << text;
  }
}

TEST(RegistrationTest, a_part_of_it_is_none) {
  const std::string whole = encode(users());
  for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
    EXPECT_EQ(error_from([&] { (void)parse_registration(whole.substr(0, size), "x"); }).code(), ErrorCode::kCorrupt) << size;
  }
}

TEST(RegistrationTest, whatever_it_holds_it_is_read_or_refused) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::string whole = encode(users());
  constexpr int kRounds = 3000;
  int refused = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::string text = whole;
    for (unsigned changes = random() % 4 + 1; changes > 0; --changes) text[random() % text.size()] = static_cast<char>(random());
    try {
      const Registration read = parse_registration(text, "x");
      // What is taken can be written, and read again.
      EXPECT_EQ(parse_registration(encode(read), "x").record, read.record) << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kCorrupt) << error.what();
      ++refused;
    }
  }
  EXPECT_GT(refused, kRounds / 2);
}

TEST(RegistrationTest, has_a_limit) {
  Registration large = users();
  large.record.resize(kMaxSize, ' ');
  EXPECT_EQ(error_from([&] { (void)encode(large); }).code(), ErrorCode::kLimitExceeded);
}

TEST(RegistrationTest, a_lease_is_of_whole_seconds) {
  EXPECT_EQ(parse_lease("90s"), seconds(90));
  EXPECT_EQ(parse_lease("2d"), std::chrono::hours(48));
  EXPECT_EQ(parse_lease("2000ms"), seconds(2));
  for (const char* text : {"", "0s", "-1s", "1.5h", "100ms", "90", "h", "1 h", "200000d", "99999999999999999999h"})
    EXPECT_EQ(parse_lease(text), std::nullopt) << text;
  for (const char* text : {"1s", "90s", "3m", "90m", "24h", "2400000h"}) EXPECT_EQ(lease_text(parse_lease(text).value()), text);
}

}  // namespace
}  // namespace almanac::registrations
