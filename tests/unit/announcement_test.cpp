#include "announcement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "announcement_generated.h"
#include "support/error_matchers.h"
#include "support/schedules.h"

namespace almanac::internal {
namespace {

using support::error_from;
using support::IsError;
using namespace std::chrono_literals;

constexpr std::size_t kBody = 24;
using support::kStart;

Announcement good() {
  Announcement announcement;
  announcement.generation = 7;
  announcement.snapshot_id = "0123456789abcdeffedcba9876543210";
  announcement.snapshot_size = 4711;
  announcement.registry = "acme";
  announcement.revision = "abc123";
  announcement.published = std::chrono::system_clock::time_point(1'700'000'000'123ms);
  announcement.rollback_of = 3;
  return announcement;
}

Error error_of(Bytes bytes) {
  return error_from([&] { (void)parse_announcement(bytes, "store/current"); });
}

// Sets a header around a body so that its checksum holds.
std::vector<std::byte> enveloped(std::uint16_t major, Bytes body) {
  std::vector<std::byte> bytes = encode_announcement(good());
  bytes.resize(kBody);
  bytes.insert(bytes.end(), body.begin(), body.end());
  const std::span<std::byte> whole(bytes);
  store(whole, 8, major);
  store(whole, 12, static_cast<std::uint32_t>(body.size()));
  store(whole, 16, checksum_of(Bytes(bytes).first(16)) ^ checksum_of(body));
  return bytes;
}

// With a phased rollout from generation 5.
Announcement phased() {
  Announcement announcement = good();
  GenerationRollout rollout;
  rollout.previous_generation = 5;
  rollout.previous_id = "00112233445566778899aabbccddeeff";
  rollout.previous_size = 4096;
  rollout.previous_published = std::chrono::system_clock::time_point(1'600'000'000'456ms);
  rollout.previous_revision = "abc122";
  rollout.seed = 6;
  rollout.schedule = support::ramp(kStart, 30min);
  announcement.rollout = rollout;
  return announcement;
}

std::vector<std::byte> crafted(std::uint64_t generation, std::int64_t published_ms) {
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(format::CreateAnnouncement(builder, generation, 1, 2, 3, published_ms), format::AnnouncementIdentifier());
  return enveloped(1, std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize())));
}

TEST(Announcement, is_parsed_back) {
  std::vector<std::byte> bytes = encode_announcement(good());
  const std::size_t size = bytes.size();
  bytes.resize(size + 100);  // the snapshot behind it
  const ParsedAnnouncement parsed = parse_announcement(bytes, "x");
  EXPECT_EQ(parsed.size, size);
  EXPECT_EQ(parsed.announcement.generation, 7U);
  EXPECT_EQ(parsed.announcement.snapshot_id, good().snapshot_id);
  EXPECT_EQ(parsed.announcement.snapshot_size, 4711U);
  EXPECT_EQ(parsed.announcement.registry, "acme");
  EXPECT_EQ(parsed.announcement.revision, "abc123");
  EXPECT_EQ(parsed.announcement.published, good().published);
  EXPECT_EQ(parsed.announcement.rollback_of, 3U);
  EXPECT_EQ(parsed.announcement.pinned, std::nullopt);
}

TEST(Announcement, a_pin_has_a_reason_that_may_be_empty) {
  for (const std::string reason : {"", "incident 42"}) {
    Announcement pinned = good();
    pinned.pinned = reason;
    EXPECT_EQ(parse_announcement(encode_announcement(pinned), "x").announcement.pinned, reason);
  }
}

TEST(Announcement, names_the_documents_that_were_kept) {
  Announcement announcement = good();
  EXPECT_EQ(parse_announcement(encode_announcement(announcement), "x").announcement.documents, "");
  announcement.documents = "00112233445566778899aabbccddeeff";
  const std::vector<std::byte> bytes = encode_announcement(announcement);
  EXPECT_EQ(parse_announcement(bytes, "x").announcement.documents, announcement.documents);
  EXPECT_EQ(load<std::uint16_t>(bytes, 10), 1);
  for (const std::string id :
       {"0", "00112233445566778899AABBCCDDEEFF", "00112233445566778899aabbccddeeff0", "../snapshots/89aabbccddeeff0123a"}) {
    announcement.documents = id;
    EXPECT_THAT(error_of(encode_announcement(announcement)),
                IsError(ErrorCode::kCorrupt, "store/current", kBody, "documents are no digest"))
        << id;
  }
}

TEST(Announcement, header_is_that_of_the_format) {
  const std::vector<std::byte> bytes = encode_announcement(good());
  constexpr std::array<unsigned char, 12> kExpected = {0x89, 'A', 'L', 'A', 0x0D, 0x0A, 0x1A, 0x0A, 1, 0, 0, 0};
  EXPECT_EQ(as_text(Bytes(bytes).first(12)), as_text(std::as_bytes(std::span(kExpected))));
  EXPECT_EQ(load<std::uint32_t>(bytes, 12), bytes.size() - kBody);
  EXPECT_EQ(load<std::uint64_t>(bytes, 16), checksum_of(Bytes(bytes).first(16)) ^ checksum_of(Bytes(bytes).subspan(kBody)));
  EXPECT_EQ(as_text(Bytes(bytes).subspan(kBody + 4, 4)), "ALMA");
}

TEST(Announcement, other_objects_are_foreign) {
  for (const std::string_view text : {"",
                                      "\x89"
                                      "AL",
                                      "<html>404 not found</html>",
                                      "\x89"
                                      "ALM\r\n\x1a\n and so on"}) {
    EXPECT_THAT(error_of(as_bytes(text)), IsError(ErrorCode::kForeign, "store/current", 0U, "is not an almanac announcement"));
  }
}

TEST(Announcement, every_cut_is_noticed) {
  const std::vector<std::byte> bytes = encode_announcement(good());
  for (std::size_t size = 8; size < bytes.size(); ++size) {
    EXPECT_THAT(error_of(Bytes(bytes).first(size)),
                IsError(ErrorCode::kTruncated, "store/current", size < kBody ? 0U : kBody, "the announcement"))
        << size;
  }
}

TEST(Announcement, every_flipped_bit_is_noticed) {
  std::vector<std::byte> bytes = encode_announcement(phased());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      bytes[at] ^= std::byte{1} << bit;
      EXPECT_THROW((void)parse_announcement(bytes, "x"), Error) << at;
      bytes[at] ^= std::byte{1} << bit;
    }
  }
}

TEST(Announcement, another_major_version_is_refused) {
  const std::vector<std::byte> announcement = encode_announcement(good());
  EXPECT_THAT(error_of(enveloped(2, Bytes(announcement).subspan(kBody))),
              IsError(ErrorCode::kUnsupportedVersion, "store/current", 8U, "has format 2, and this reader knows 1"));
}

TEST(Announcement, body_is_a_flatbuffer_of_its_kind) {
  const auto refused = IsError(ErrorCode::kCorrupt, "store/current", kBody, "is not the FlatBuffer that it should be");
  EXPECT_THAT(error_of(enveloped(1, {})), refused);
  EXPECT_THAT(error_of(enveloped(1, as_bytes("this is no FlatBuffer, however long"))), refused);
  EXPECT_THAT(error_of(crafted(0, 1)), refused);
}

TEST(Announcement, brings_back_an_earlier_generation) {
  Announcement announcement = good();
  for (const std::uint64_t generation : {std::uint64_t{0}, std::uint64_t{6}}) {
    announcement.rollback_of = generation;
    EXPECT_EQ(parse_announcement(encode_announcement(announcement), "x").announcement.rollback_of, generation);
  }
  for (const std::uint64_t generation : {std::uint64_t{7}, std::uint64_t{8}, ~std::uint64_t{0}}) {
    announcement.rollback_of = generation;
    EXPECT_THAT(error_of(encode_announcement(announcement)),
                IsError(ErrorCode::kCorrupt, "store/current", kBody, "brings back a generation that does not lie before its own"));
  }
}

TEST(Announcement, time_is_one_that_a_clock_can_hold) {
  constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max() / 1'000'000;
  EXPECT_EQ(parse_announcement(crafted(1, kLast), "x").announcement.published.time_since_epoch(), std::chrono::milliseconds(kLast));
  EXPECT_EQ(parse_announcement(crafted(1, -kLast), "x").announcement.published.time_since_epoch(), -std::chrono::milliseconds(kLast));
  for (const std::int64_t time :
       {kLast + 1, -kLast - 1, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    EXPECT_THAT(error_of(crafted(1, time)), IsError(ErrorCode::kCorrupt, "store/current", kBody, "was published at no time that there is"));
  }
}

TEST(AnnouncedRollout, is_parsed_back) {
  const Announcement announcement = parse_announcement(encode_announcement(phased()), "x").announcement;
  EXPECT_EQ(announcement.rollout, phased().rollout);
  EXPECT_EQ(announcement.rollout->end(), kStart + 30min);
  EXPECT_EQ(announcement.generation, 7U);
  EXPECT_EQ(announcement.rollback_of, 3U);
  EXPECT_EQ(parse_announcement(encode_announcement(good()), "x").announcement.rollout, std::nullopt);
}

TEST(AnnouncedRollout, needs_minor_version_1) {
  EXPECT_EQ(load<std::uint16_t>(encode_announcement(phased()), 10), 1);
  EXPECT_EQ(load<std::uint16_t>(encode_announcement(good()), 10), 0);
}

// Bucket 447,374 of seed 6: above it is a ramp of 30 minutes once 447,375 millionths of 1,800 seconds have passed.
TEST(AnnouncedRollout, moves_each_instance_at_a_moment_of_its_own) {
  const GenerationRollout rollout = phased().rollout.value();
  const Caller caller = Caller().set("instance", "i-0123456789abcdef0").set("function", "checkout");
  constexpr std::uint32_t kBucket = 447'374;
  constexpr Moment kMoves = kStart + 805'275ms;
  const RolloutStatus before = rollout.status_for(caller, kMoves - 1ms);
  EXPECT_EQ(before.bucket, kBucket);
  EXPECT_EQ(before.share, kBucket);
  EXPECT_FALSE(before.moved);
  EXPECT_EQ(before.moves, std::chrono::system_clock::time_point(kMoves));
  const RolloutStatus after = rollout.status_for(caller, kMoves);
  EXPECT_EQ(after.share, kBucket + 1);
  EXPECT_TRUE(after.moved);
  EXPECT_TRUE(rollout.status_for(caller, rollout.end()).moved);
}

TEST(AnnouncedRollout, does_not_move_what_has_no_instance) {
  const RolloutStatus status = phased().rollout->status_for(Caller().set("function", "checkout"), kStart + 24h);
  EXPECT_EQ(status.bucket, std::nullopt);
  EXPECT_EQ(status.share, kWholeShare);
  EXPECT_FALSE(status.moved);
  EXPECT_EQ(status.moves, std::chrono::system_clock::time_point::max());
}

// How phased() is refused after this change.
void expect_fault(const std::function<void(GenerationRollout&)>& change, const std::string& fault) {
  Announcement announcement = phased();
  change(announcement.rollout.value());
  EXPECT_THAT(error_of(encode_announcement(announcement)), IsError(ErrorCode::kCorrupt, "store/current", kBody, fault));
}

TEST(AnnouncedRollout, leads_from_an_earlier_generation_to_this_one) {
  const std::string fault = "does not lead all instances from an earlier generation to this one";
  expect_fault([](GenerationRollout& rollout) { rollout.previous_generation = 0; }, fault);
  expect_fault([](GenerationRollout& rollout) { rollout.previous_generation = 7; }, fault);
  expect_fault([](GenerationRollout& rollout) { rollout.previous_generation = ~std::uint64_t{0}; }, fault);
  expect_fault([](GenerationRollout& rollout) { rollout.schedule.stages.back().share = kWholeShare - 1; }, fault);
}

TEST(AnnouncedRollout, has_a_schedule_in_order) {
  const std::string fault = "the announcement's rollout is out of order: ";
  expect_fault([](GenerationRollout& rollout) { rollout.schedule.stages.clear(); }, fault + "it has no stages");
  expect_fault([](GenerationRollout& rollout) { rollout.schedule.stages[1].at = kStart; },
               fault + "its stages are not in the order of their times");
  expect_fault([](GenerationRollout& rollout) { rollout.schedule.stages[0].share = kWholeShare + 1; },
               fault + "the share of a stage is above 1,000,000");
  expect_fault(
      [](GenerationRollout& rollout) {
        rollout.schedule.stages.insert(rollout.schedule.stages.begin(), {kStart - 1h, 1});
      },
      fault + "its share falls");
  expect_fault([](GenerationRollout& rollout) { rollout.schedule.stages[0].at = kAlways - 1ms; },
               fault + "the time of a stage is not from 1970 to 9999");
  expect_fault(
      [](GenerationRollout& rollout) {
        rollout.schedule.stages.resize(1001, {kStart, kWholeShare});
      },
      "the announcement's rollout has more than 1,000 stages");
}

TEST(Announcement, keys_are_those_of_the_format) {
  EXPECT_EQ(kCurrentKey, "current");
  EXPECT_EQ(snapshot_key("0123"), "snapshots/0123.almanac");
  EXPECT_EQ(generation_key(1), "generations/1");
  EXPECT_EQ(generation_key(18446744073709551615U), "generations/18446744073709551615");
}

}  // namespace
}  // namespace almanac::internal
