#include "inspect/verify.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "inspect_compiled.h"

namespace almanac::inspect {
namespace {

const std::string kLines = R"({"registry":"acme"}
{"callers":[{"when":{"role":"r"},"namespace":"a","rollout":{"to":"b","percent":1}}]}
{"namespace":"a","name":"x","endpoints":["tcp://h:1","tcp://h:2"]}
{"namespace":"a","name":"y","value":"1"}
{"namespace":"b","name":"x","value":"1"})";

// Damage, or an error that says why nobody can tell.
bool is_refused(const std::vector<std::byte>& bytes) {
  const CompiledFile file(bytes);
  try {
    return verify(file.path()).damage.has_value();
  } catch (const Error&) {
    return true;
  }
}

TEST(Verify, says_what_an_intact_snapshot_holds) {
  const Compiled all = compiled(kLines);
  const CompiledFile file(all.bytes);
  const VerifyReport report = verify(file.path());
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
  const VerifyReport report = verify(file.path());
  ASSERT_TRUE(report.damage);
  EXPECT_EQ(report.damage->code(), ErrorCode::kCorrupt);
  EXPECT_EQ(report.damage->object(), file.path());

  const std::vector<std::byte> text(2000, std::byte{'x'});
  const CompiledFile foreign(text);
  EXPECT_THROW((void)verify(foreign.path()), Error);
  EXPECT_THROW((void)verify("/nowhere/at/all"), Error);
}

}  // namespace
}  // namespace almanac::inspect
