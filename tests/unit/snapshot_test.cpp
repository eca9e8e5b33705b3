#include <almanac/snapshot.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <barrier>
#include <string>
#include <thread>
#include <vector>

#include "digest.h"
#include "support/crafted_snapshot.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/registry_builder.h"
#include "support/temporary_directory.h"

namespace almanac {
namespace {

using support::error_from;
using support::IsError;
using support::kNowhere;
using support::service;

std::vector<std::byte> acme() {
  return support::snapshot_of(support::registry({{"prod", {service("queue").uri("u:1").uri("u:2"), service("users").uri("http://users/")}},
                                                 {"prod/eu", {service("users").value("v")}},
                                                 {"test", {}}},
                                                "acme", "abc123"));
}

TEST(Snapshot, says_what_it_is) {
  const std::vector<std::byte> bytes = acme();
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "x.almanac");
  EXPECT_EQ(snapshot.registry_name(), "acme");
  EXPECT_EQ(snapshot.revision(), "abc123");
  EXPECT_EQ(snapshot.format_major(), 1);
  EXPECT_EQ(snapshot.format_minor(), 0);
  EXPECT_EQ(snapshot.size(), bytes.size());
  EXPECT_EQ(snapshot.manifest_offset(), 64U);
  const auto manifest = std::span(bytes).subspan(snapshot.manifest_offset(), snapshot.manifest_stored_size());
  EXPECT_EQ(snapshot.id(), internal::to_hex(internal::digest_of(manifest)));
}

TEST(Snapshot, lists_its_namespaces_and_frames) {
  const std::vector<std::byte> bytes = acme();
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "x.almanac");
  ASSERT_EQ(snapshot.namespace_count(), 3U);
  EXPECT_EQ(snapshot.namespace_info(0).name, "prod");
  EXPECT_EQ(snapshot.namespace_info(0).services, 2U);
  EXPECT_EQ(snapshot.namespace_info(0).endpoints, 3U);
  EXPECT_EQ(snapshot.namespace_info(1).name, "prod/eu");
  EXPECT_EQ(snapshot.namespace_info(1).endpoints, 0U);
  EXPECT_EQ(snapshot.namespace_info(2).services, 0U);
  ASSERT_EQ(snapshot.frame_count(), 1U);
  const FrameInfo frame = snapshot.frame_info(0);
  EXPECT_EQ(frame.offset + frame.stored_size, bytes.size());
  EXPECT_EQ(frame.offset, snapshot.manifest_offset() + snapshot.manifest_stored_size());
  EXPECT_EQ(frame.digest, internal::to_hex(internal::digest_of(std::span(bytes).subspan(frame.offset, frame.stored_size))));
  EXPECT_GT(frame.size, 0U);
}

TEST(Snapshot, a_file_and_its_bytes_answer_the_same) {
  const support::TemporaryDirectory folder;
  const std::vector<std::byte> bytes = acme();
  support::write_bytes(folder / "x.almanac", bytes);
  const Snapshot file = Snapshot::open(folder / "x.almanac");
  EXPECT_EQ(file.id(), Snapshot::from_bytes(bytes, "x").id());
  EXPECT_EQ(file.in("prod").find("users").value().uri(), "http://users/");
  EXPECT_EQ(file.in("prod/eu").find("users").value().value(), "v");
  EXPECT_TRUE(file.in("test").empty());
}

TEST(Snapshot, an_unknown_namespace_is_answered_with_those_there_are) {
  const std::vector<std::byte> bytes = acme();
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "x.almanac");
  EXPECT_TRUE(snapshot.has_namespace("test"));
  EXPECT_FALSE(snapshot.has_namespace("pro"));
  EXPECT_THAT(error_from([&] { (void)snapshot.in("pro"); }),
              IsError(ErrorCode::kNotFound, "x.almanac", kNowhere, R"(has no namespace "pro"; it has "prod", "prod/eu", "test")"));
}

TEST(Snapshot, files_that_cannot_be_opened_are_named) {
  const support::TemporaryDirectory folder;
  EXPECT_THAT(error_from([&] { (void)Snapshot::open(folder / "none"); }),
              IsError(ErrorCode::kNotFound, (folder / "none").string(), kNowhere, "cannot be opened"));
  support::write_bytes(folder / "empty", {});
  EXPECT_THAT(error_from([&] { (void)Snapshot::open(folder / "empty"); }),
              IsError(ErrorCode::kForeign, (folder / "empty").string(), 0U, "is not an almanac snapshot"));
}

TEST(Snapshot, a_damaged_frame_fails_its_namespaces_alone_and_each_time) {
  // Two frames: the first namespace is large enough to stand alone.
  std::vector<support::ServiceBuilder> large;
  for (int i = 0; i < 20; ++i) large.push_back(service("s" + std::to_string(i)).value(std::string(65536, 'x')));
  std::vector<std::byte> bytes = support::snapshot_of({{"large", large}, {"small", support::numbered_services(3)}});
  const Snapshot whole = Snapshot::from_bytes(bytes, "x.almanac");
  ASSERT_EQ(whole.frame_count(), 2U);
  const std::uint64_t offset = whole.frame_info(0).offset;
  bytes[offset + 20] ^= std::byte{1};
  const Snapshot damaged = Snapshot::from_bytes(bytes, "x.almanac");
  const auto damage = IsError(ErrorCode::kCorrupt, "x.almanac", offset, "digest does not hold");
  EXPECT_THAT(error_from([&] { (void)damaged.in("large"); }), damage);
  EXPECT_THAT(error_from([&] { (void)damaged.in("large"); }), damage);
  EXPECT_THAT(error_from([&] { damaged.verify(); }), damage);
  EXPECT_EQ(damaged.in("small").size(), 3U);
}

TEST(Snapshot, frames_beyond_the_callers_limit_are_refused) {
  const std::vector<std::byte> bytes = acme();
  OpenOptions options;
  options.max_inflated_size = 100;
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "x.almanac", options);
  EXPECT_THAT(error_from([&] { (void)snapshot.in("prod"); }),
              IsError(ErrorCode::kLimitExceeded, "x.almanac", snapshot.frame_info(0).offset, "and the limit is 100"));
}

TEST(Snapshot, copies_share_what_is_open) {
  const std::vector<std::byte> bytes = acme();
  Snapshot first = Snapshot::from_bytes(bytes, "x");
  const Snapshot copy = first;  // NOLINT(performance-unnecessary-copy-initialization)
  const Service users = first.in("prod").find("users").value();
  EXPECT_EQ(copy.in("prod").find("users").value().name().data(), users.name().data());
  first = Snapshot::from_bytes(bytes, "y");
  EXPECT_NE(first.in("prod").find("users").value().name().data(), users.name().data());
  EXPECT_EQ(users.uri(), "http://users/");  // lives with the copy
}

TEST(Snapshot, threads_that_open_a_namespace_at_once_get_the_same_one) {
  constexpr std::size_t kThreads = 8;
  const std::vector<std::byte> bytes = acme();
  for (int round = 0; round < 50; ++round) {
    const Snapshot snapshot = Snapshot::from_bytes(bytes, "x");
    std::vector<const char*> seen(kThreads);
    std::barrier start(kThreads);
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < kThreads; ++i) {
        threads.emplace_back([&, i] {
          start.arrive_and_wait();
          seen[i] = snapshot.in(i % 2 == 0 ? "prod" : "prod/eu").find("users").value().name().data();
        });
      }
    }
    for (std::size_t i = 2; i < kThreads; ++i) ASSERT_EQ(seen[i], seen[i - 2]);
  }
}

TEST(Snapshot, of_a_newer_minor_version_is_read) {
  support::CraftedSnapshot crafted;
  const model::Registry registry = support::registry({{"a", {service("users").uri("u:")}}});
  crafted.add_frame(support::CraftedFrame::of(registry.namespaces).encode());
  crafted.add_namespace("a", 0, 0, 1, 1);
  std::vector<std::byte> bytes = crafted.assemble();
  internal::Preamble preamble = internal::parse_preamble(bytes, "x");
  preamble.minor = 9;
  preamble.preamble_size = 80;
  preamble.file_size += 16;
  const auto head = internal::encode_preamble(preamble);
  std::ranges::copy(head, bytes.begin());
  bytes.insert(bytes.begin() + 64, 16, std::byte{0xAA});
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "x");
  EXPECT_EQ(snapshot.format_minor(), 9);
  EXPECT_EQ(snapshot.manifest_offset(), 80U);
  EXPECT_EQ(snapshot.in("a").find("users").value().uri(), "u:");
  EXPECT_NO_THROW(snapshot.verify());
}

}  // namespace
}  // namespace almanac
