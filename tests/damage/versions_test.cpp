// Files of other versions: what a reader of 1.1 passes over, and what it refuses.
#include <almanac/snapshot.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "damage/whole_use.h"
#include "support/error_matchers.h"

namespace almanac {
namespace {

using support::error_from;
using support::IsError;

const std::filesystem::path kTests = ALMANAC_SOURCE_DIRECTORY "/tests";

// The preamble has 128 bytes, the manifest's and the frame's tables have fields that 1.1 does not know.
TEST(Versions, LaterMinorVersionIsRead) {
  const Snapshot snapshot = Snapshot::open(kTests / "damage/version-1.2.almanac");
  EXPECT_EQ(snapshot.format_major(), 1);
  EXPECT_EQ(snapshot.format_minor(), 2);
  EXPECT_EQ(snapshot.manifest_offset(), 128U);
  EXPECT_EQ(snapshot.registry_name(), "acme");
  ASSERT_EQ(snapshot.namespace_count(), 3U);
  EXPECT_EQ(snapshot.in("shared").find("queue")->value(), "main");
  const auto payments = snapshot.in("prod").find("payments/api");
  ASSERT_TRUE(payments.has_value());
  EXPECT_EQ(payments->uri(), "https://a.example/prod");
  EXPECT_EQ(payments->attributes().find("owner"), "team-payments");
  EXPECT_EQ(snapshot.in("staging").size(), 40U);
  for (const char* name : {"prod", "shared", "staging"}) damage::use(snapshot.in(name));
  EXPECT_NO_THROW(snapshot.verify());
}

// Rules and rollouts, made by a writer that shares no code with the compiler.
TEST(Versions, CallerRulesOfAnotherWriterAreFollowed) {
  const Snapshot snapshot = Snapshot::open(kTests / "damage/version-1.1.almanac");
  EXPECT_EQ(snapshot.format_minor(), 1);
  EXPECT_EQ(snapshot.caller_rule_count(), 3U);
  const auto choose = [&snapshot](std::string_view caller, std::string_view key, std::int64_t at_ms) {
    const std::chrono::system_clock::time_point at{std::chrono::milliseconds(at_ms)};
    return snapshot.choose(Caller::parse(caller, "a caller"), key, at).namespace_name;
  };
  const std::string_view checkout = "role=arn:aws:iam::1:role/checkout-api,tag.stage=live,instance=i-1";
  EXPECT_EQ(choose(checkout, "", 1'795'165'200'000), "prod");
  EXPECT_EQ(choose(checkout, "", 1'795'167'000'000), "shared");
  EXPECT_EQ(choose("function=pay-1", "", 0), "shared");
  EXPECT_EQ(choose("function=pay-1", "customer-42", 1), "prod");
  EXPECT_EQ(choose("function=*", "customer-42", 1), "prod");
  EXPECT_EQ(choose("function=pay-10", "customer-42", 1), "shared");
  EXPECT_NO_THROW(snapshot.verify());
}

// The same file as version 1.0 has it, made by a writer that shares no code with the compiler.
TEST(Versions, FileOfAnotherWriterIsRead) {
  const Snapshot snapshot = Snapshot::open(kTests / "damage/version-1.0.almanac");
  EXPECT_EQ(snapshot.format_minor(), 0);
  EXPECT_EQ(snapshot.manifest_offset(), 64U);
  const auto payments = snapshot.in("prod").find("payments/api");
  ASSERT_TRUE(payments.has_value());
  EXPECT_EQ((*payments->endpoints().begin()).version(), "2.1.0");
  EXPECT_EQ((*payments->endpoints().begin()).weight(), 90);
  EXPECT_NO_THROW(snapshot.verify());
}

TEST(Versions, AnotherMajorVersionIsRefusedWithBothVersions) {
  const std::filesystem::path file = kTests / "bad/major-version-2.almanac";
  const Error error = error_from([&] { (void)Snapshot::open(file); });
  EXPECT_THAT(error,
              IsError(ErrorCode::kUnsupportedVersion, file.string(), 8U, "has format 2.0, and this reader knows 1.x; update the reader"));
}

TEST(Versions, UnknownFeatureIsRefused) {
  const std::filesystem::path file = kTests / "bad/unknown-feature.almanac";
  EXPECT_THAT(error_from([&] { (void)Snapshot::open(file); }),
              IsError(ErrorCode::kUnsupportedVersion, file.string(), 48U, "update the reader"));
}

}  // namespace
}  // namespace almanac
