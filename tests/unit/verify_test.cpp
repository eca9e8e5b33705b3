#include <almanac/snapshot.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "preamble.h"
#include "support/crafted_snapshot.h"
#include "support/error_matchers.h"
#include "support/registry_builder.h"

namespace almanac::internal {
namespace {

using support::CraftedFrame;
using support::CraftedSnapshot;
using support::endpoint;
using support::error_from;
using support::IsError;
using support::planes_of;
using support::service;
using namespace std::string_literals;

CraftedFrame good_frame() {
  const model::Registry registry = support::registry(
      {{"a",
        {service("queue").endpoint(endpoint("u:1").version("1.0.0").zone("z").weight(3).tags({"t"}).attributes({{"k", "v"}})),
         service("users").value("v")}}});
  return CraftedFrame::of(registry.namespaces);
}

// What verify() says of a snapshot that opens.
void expect_refused(const CraftedSnapshot& crafted, const std::string& words) {
  const std::vector<std::byte> file = crafted.assemble();
  const Snapshot snapshot = Snapshot::from_bytes(file, "x.almanac");
  EXPECT_NO_THROW((void)snapshot.in("a"));
  EXPECT_THAT(error_from([&] { snapshot.verify(); }), IsError(ErrorCode::kCorrupt, "x.almanac", support::first_frame_of(file), words));
}

void expect_refused(const std::function<void(CraftedFrame&)>& break_rule, const std::string& words) {
  CraftedFrame frame = good_frame();
  break_rule(frame);
  CraftedSnapshot crafted;
  crafted.add_frame(frame.encode());
  crafted.add_namespace("a", 0, 0, frame.parts[0].rows, frame.parts[0].endpoints);
  expect_refused(crafted, words);
}

TEST(Verify, passes_what_the_compiler_writes) {
  const std::vector<std::byte> file = support::snapshot_of(
      {{"a", support::numbered_services(500)}, {"b", {}}, {"c", {service("s").endpoint(endpoint("u:").weight(65535).tags({"x", "y"}))}}});
  EXPECT_NO_THROW(Snapshot::from_bytes(file, "x").verify());
  const std::vector<std::byte> empty = support::snapshot_of(std::vector<support::NamespaceBuilder>{});
  EXPECT_NO_THROW(Snapshot::from_bytes(empty, "x").verify());
}

TEST(Verify, names_are_in_byte_order) {
  expect_refused([](CraftedFrame& frame) { frame.set_rows({"b\1u:", "a\1u:"}); }, "the names are not in byte order: service \"a\"");
  expect_refused([](CraftedFrame& frame) { frame.set_rows({"\xC3\xA4\1u:", "z\1u:"}); }, "the names are not in byte order: service \"z\"");
}

TEST(Verify, a_service_has_an_endpoint_or_a_value) {
  expect_refused(
      [](CraftedFrame& frame) {
        frame.set_rows({"a\1u:", "empty"});
      },
      "there is neither an endpoint nor a value: service \"empty\"");
}

TEST(Verify, names_and_uris_have_no_control_characters) {
  expect_refused([](CraftedFrame& frame) { frame.set_rows({"a\x1f\1u:"}); }, "a name has control characters");
  expect_refused([](CraftedFrame& frame) { frame.set_rows({"a\x03z\2v"}); }, "a name has control characters");
  expect_refused([](CraftedFrame& frame) { frame.set_rows({"a\1u:\n"}); }, "a uri has control characters: service \"a\"");
  expect_refused([](CraftedFrame& frame) { frame.set_rows({"a\1u:\1v:\x1b[31m"}); }, "a uri has control characters: service \"a\"");
}

TEST(Verify, every_uri_has_1_to_8192_bytes) {
  expect_refused([](CraftedFrame& frame) { frame.set_rows({"a\1u:\1"}); }, "a uri is empty or longer than 8,192 bytes: service \"a\"");
  expect_refused([](CraftedFrame& frame) { frame.set_rows({"a\1u:\1" + std::string(8193, 'u')}); },
                 "longer than 8,192 bytes: service \"a\"");
}

TEST(Verify, sets_of_services_are_in_their_tables) {
  expect_refused([](CraftedFrame& frame) { frame.tags = planes_of({0, 2}); }, "a set is not in its table: service \"users\"");
  expect_refused([](CraftedFrame& frame) { frame.attributes = planes_of({1U << 24U, 0}); }, "a set is not in its table: service \"queue\"");
}

TEST(Verify, entries_of_endpoints_are_in_their_tables) {
  const std::string words = "endpoint 0 names an entry that its table does not have";
  expect_refused([](CraftedFrame& frame) { frame.endpoint_version = planes_of({3}); }, words);
  expect_refused([](CraftedFrame& frame) { frame.endpoint_zone = planes_of({3}); }, words);
  expect_refused([](CraftedFrame& frame) { frame.endpoint_tags = planes_of({2}); }, words);
  expect_refused([](CraftedFrame& frame) { frame.endpoint_attributes = planes_of({2}); }, words);
}

TEST(Verify, weights_have_16_bits) {
  expect_refused([](CraftedFrame& frame) { frame.endpoint_weight = planes_of({65536}); }, "endpoint 0 has a weight over 65,535");
}

TEST(Verify, every_part_is_of_one_namespace) {
  const model::Registry registry = support::registry({{"a", {service("s").value("1")}}, {"b", {service("s").value("2")}}});
  const std::vector<std::byte> frame = CraftedFrame::of(registry.namespaces).encode();
  CraftedSnapshot forgotten;
  forgotten.add_frame(frame);
  forgotten.add_namespace("a", 0, 0, 1, 0);
  expect_refused(forgotten, "has other namespaces than the manifest has in it");
  CraftedSnapshot twice;
  twice.add_frame(frame);
  twice.add_namespace("a", 0, 0, 1, 0);
  twice.add_namespace("b", 0, 0, 1, 0);
  expect_refused(twice, "has other namespaces than the manifest has in it");
  CraftedSnapshot unknown;
  unknown.add_frame(frame);
  unknown.add_namespace("a", 0, 0, 1, 0);
  unknown.add_namespace("b", 0, 1, 2, 0);
  expect_refused(unknown, "does not hold the namespace");
}

TEST(Verify, frames_without_a_namespace_are_refused) {
  CraftedSnapshot crafted;
  crafted.add_frame(good_frame().encode());
  crafted.add_namespace("a", 0, 0, 2, 1);
  crafted.add_frame(good_frame().encode());
  const std::vector<std::byte> file = crafted.assemble();
  EXPECT_THAT(error_from([&] { Snapshot::from_bytes(file, "x").verify(); }).what(), testing::HasSubstr("has other namespaces"));
}

// The empty entry stands for "none": a row without tags would get those of another.
TEST(Verify, entry_0_of_a_table_is_empty) {
  const std::string words = "entry 0 of a table is not empty";
  expect_refused([](CraftedFrame& frame) { frame.labels.insert(0, 1, 'x'); }, words);
  expect_refused([](CraftedFrame& frame) { frame.tag_sets.insert(0, "x\0"s); }, words);
  expect_refused([](CraftedFrame& frame) { frame.attribute_sets.insert(0, "x\0y\0"s); }, words);
}

TEST(Verify, every_flipped_bit_of_a_file_is_noticed) {
  std::vector<std::byte> file = support::snapshot_of({{"a", {service("s").uri("http://a/").tags({"t"})}}});
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      file[at] ^= std::byte{1} << bit;
      EXPECT_THROW(Snapshot::from_bytes(file, "x").verify(), Error) << "byte " << at << ", bit " << bit;
      file[at] ^= std::byte{1} << bit;
    }
  }
}

// A registry with this rule about callers.
model::Registry with_rule(const Condition& condition) {
  model::Registry registry = support::registry({{"a", {service("users").value("v")}}});
  registry.caller_rules.emplace_back();
  registry.caller_rules.front().name_space = "a";
  registry.caller_rules.front().conditions = {condition};
  return registry;
}

TEST(Verify, rules_about_callers_are_utf8) {
  const auto problem_of = [](const Condition& condition) {
    const std::vector<std::byte> file = support::snapshot_of(with_rule(condition));
    const Snapshot snapshot = Snapshot::from_bytes(file, "x.almanac");
    return error_from([&] { snapshot.verify(); });
  };
  const auto refused = IsError(ErrorCode::kCorrupt, "x.almanac", 64U, "manifest: caller rule 1 has a text that is not UTF-8");
  EXPECT_THAT(problem_of({"r\xC3", {"x"}}), refused);
  EXPECT_THAT(problem_of({"role", {"*\xFF", "x"}}), refused);
  const std::vector<std::byte> good = support::snapshot_of(with_rule({"größe", {"日本*"}}));
  EXPECT_NO_THROW(Snapshot::from_bytes(good, "x").verify());
}

TEST(Verify, a_file_with_rules_about_callers_says_its_version) {
  std::vector<std::byte> file = support::snapshot_of(with_rule({"role", {"x"}}));
  Preamble preamble = parse_preamble(file, "x");
  EXPECT_EQ(preamble.minor, 1);
  preamble.minor = 0;
  std::ranges::copy(encode_preamble(preamble), file.begin());
  const Snapshot snapshot = Snapshot::from_bytes(file, "x.almanac");
  EXPECT_THAT(error_from([&] { snapshot.verify(); }),
              IsError(ErrorCode::kCorrupt, "x.almanac", 64U, "manifest: has caller rules, which version 1.0 does not have"));
}

}  // namespace
}  // namespace almanac::internal
