#include "inspect/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "inspect_compiled.h"
#include "support/file_bytes.h"
#include "support/published_store.h"

namespace almanac::inspect {
namespace {

const std::string kLines = R"({"registry":"acme"}
{"callers":[{"when":{"role":"r"},"namespace":"a","rollout":{"to":"b","percent":1}}]}
{"namespace":"a","name":"x","endpoints":["tcp://h:1","tcp://h:2"]}
{"namespace":"a","name":"y","value":"1"}
{"namespace":"b","name":"x","value":"1"})";

constexpr internal::Moment kNow{std::chrono::seconds(1'700'000'000)};

// Damage, or an error that says why nobody can tell.
bool is_refused(const std::vector<std::byte>& bytes) {
  const CompiledFile file(bytes);
  try {
    return verify(file.path(), kNow).damage.has_value();
  } catch (const Error&) {
    return true;
  }
}

TEST(Verify, says_what_an_intact_snapshot_holds) {
  const Compiled all = compiled(kLines);
  const CompiledFile file(all.bytes);
  const VerifyReport report = verify(file.path(), kNow);
  EXPECT_FALSE(report.damage);
  EXPECT_EQ(report.id, all.snapshot.id());
  EXPECT_EQ(report.size, all.bytes.size());
  EXPECT_EQ(report.namespaces, 2U);
  EXPECT_EQ(report.services, 3U);
  EXPECT_EQ(report.endpoints, 2U);
  EXPECT_EQ(report.caller_rules, 1U);
}

TEST(Verify, refuses_every_changed_byte) {
  const Compiled all = compiled(kLines);
  for (std::size_t i = 0; i < all.bytes.size(); ++i) {
    std::vector<std::byte> changed = all.bytes;
    changed[i] ^= std::byte{0x10};
    EXPECT_TRUE(is_refused(changed)) << "byte " << i;
  }
}

TEST(Verify, refuses_every_shorter_and_a_longer_file) {
  const Compiled all = compiled(kLines);
  for (std::size_t size = 0; size < all.bytes.size(); ++size) {
    EXPECT_TRUE(is_refused({all.bytes.begin(), all.bytes.begin() + static_cast<std::ptrdiff_t>(size)})) << "cut to " << size;
  }
  std::vector<std::byte> longer = all.bytes;
  longer.push_back(std::byte{0});
  EXPECT_TRUE(is_refused(longer));
}

TEST(Verify, tells_damage_from_trouble) {
  std::vector<std::byte> damaged = compiled(kLines).bytes;
  damaged.back() ^= std::byte{1};
  const CompiledFile file(damaged);
  const VerifyReport report = verify(file.path(), kNow);
  ASSERT_TRUE(report.damage);
  EXPECT_EQ(report.damage->code(), ErrorCode::kCorrupt);
  EXPECT_EQ(report.damage->object(), file.path());

  const std::vector<std::byte> text(2000, std::byte{'x'});
  const CompiledFile foreign(text);
  EXPECT_THROW((void)verify(foreign.path(), kNow), Error);
  EXPECT_THROW((void)verify("/nowhere/at/all", kNow), Error);
}

class VerifyRollout : public testing::Test {
 protected:
  VerifyRollout() {
    previous_ = store_.publish({{"prod", {support::service("x").value("1")}}}).announcement.snapshot_id;
    publish::Publisher publisher(store_.store());
    publish::Terms terms;
    terms.now = support::kPublished;
    terms.schedule = internal::Schedule{{{kNow, 0}, {kNow + std::chrono::minutes(30), kWholeShare}}, true};
    (void)publisher.publish(publisher.settle(), support::snapshot_of({{"prod", {support::service("x").value("2")}}}), terms);
  }
  [[nodiscard]] std::optional<Error> damage(std::string_view generation = "", std::chrono::minutes later = std::chrono::minutes(15)) const {
    return verify(store_.root().string().append(generation), kNow + later).damage;
  }
  [[nodiscard]] std::filesystem::path previous() const { return store_.root() / internal::snapshot_key(previous_); }

  support::PublishedStore store_;
  std::string previous_;
};

TEST_F(VerifyRollout, needs_what_it_began_from) {
  EXPECT_FALSE(damage());
  std::filesystem::remove(previous());
  ASSERT_TRUE(damage());
  EXPECT_THAT(damage()->what(), testing::StartsWith(store_.root().string() +
                                                    ": the snapshot of generation 1, from which instances move to generation 2, is gone "
                                                    "or damaged ("));
  EXPECT_THAT(damage()->what(), testing::HasSubstr("): instances that start now take generation 2 at once; complete that with "
                                                   "generate-snapshot publish --end-rollout --to " +
                                                   store_.root().string()));
  EXPECT_FALSE(damage("", std::chrono::minutes(30))) << "all have moved";
  EXPECT_FALSE(damage("@2")) << "it is asked for as it was";
}

TEST_F(VerifyRollout, needs_it_whole) {
  std::vector<std::byte> bytes = support::read_bytes(previous());
  bytes.back() ^= std::byte{1};
  support::write_bytes(previous(), bytes);
  ASSERT_TRUE(damage());
  EXPECT_EQ(damage()->code(), ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace almanac::inspect
