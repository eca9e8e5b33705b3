#include "announcement.h"

#include <almanac/error.h>
#include <almanac/version.h>

#include "announcement_generated.h"
#include "flatbuffer.h"

namespace almanac::internal {

namespace {

enum Offset : std::size_t { kMajor = 8, kMinor = 10, kBodySize = 12, kChecksum = 16, kBody = 24 };

// What a time_point can hold, which counts nanoseconds: the years 1677 to 2262.
constexpr auto kEarliest = std::chrono::ceil<std::chrono::milliseconds>(std::chrono::system_clock::duration::min());
constexpr auto kLatest = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::duration::max());

// Of the header before it and the body behind it.
std::uint64_t checksum(Bytes header, Bytes body) noexcept { return checksum_of(header.first(kChecksum)) ^ checksum_of(body); }

std::string text_or_empty(const flatbuffers::String* text) { return text == nullptr ? std::string() : text->str(); }

}  // namespace

ParsedAnnouncement parse_announcement(Bytes bytes, const std::string& object) {
  if (!as_text(bytes).starts_with(kAnnouncementMagic)) {
    throw Error(ErrorCode::kForeign, object, "is not an almanac announcement", 0);
  }
  const Bytes header = slice(bytes, 0, kBody, object, "the announcement's header");
  const Bytes body = slice(bytes, kBody, load<std::uint32_t>(header, kBodySize), object, "the announcement");
  if (checksum(header, body) != load<std::uint64_t>(header, kChecksum)) {
    throw Error(ErrorCode::kCorrupt, object, "the announcement's checksum does not hold: it is damaged", kChecksum);
  }
  if (const auto major = load<std::uint16_t>(header, kMajor); major != kFormatMajor) {
    throw Error(ErrorCode::kUnsupportedVersion, object,
                "has format " + std::to_string(major) + ", and this reader knows 1; update the reader", kMajor);
  }
  const auto* root = verified_root<format::Announcement>(body, format::AnnouncementIdentifier());
  if (root == nullptr || root->generation() == 0)
    throw Error(ErrorCode::kCorrupt, object, "the announcement is not the FlatBuffer that it should be", kBody);
  if (root->published_ms() < kEarliest.count() || root->published_ms() > kLatest.count()) {
    throw Error(ErrorCode::kCorrupt, object, "the announcement was published at no time that there is", kBody);
  }
  ParsedAnnouncement parsed;
  parsed.size = kBody + body.size();
  Announcement& announcement = parsed.announcement;
  announcement.generation = root->generation();
  announcement.snapshot_id = to_hex({root->snapshot_id_high(), root->snapshot_id_low()});
  announcement.snapshot_size = root->snapshot_size();
  announcement.registry = text_or_empty(root->registry());
  announcement.revision = text_or_empty(root->revision());
  announcement.published = std::chrono::system_clock::time_point(std::chrono::milliseconds(root->published_ms()));
  announcement.rollback_of = root->rollback_of();
  if (root->pinned() != nullptr) announcement.pinned = root->pinned()->str();
  return parsed;
}

std::vector<std::byte> encode_announcement(const Announcement& announcement) {
  const Digest id = parse_digest(announcement.snapshot_id).value();
  flatbuffers::FlatBufferBuilder builder;
  const auto registry = builder.CreateString(announcement.registry);
  const auto revision = builder.CreateString(announcement.revision);
  flatbuffers::Offset<flatbuffers::String> pinned;
  if (announcement.pinned) pinned = builder.CreateString(*announcement.pinned);
  format::AnnouncementBuilder body(builder);
  body.add_generation(announcement.generation);
  body.add_snapshot_id_high(id.high);
  body.add_snapshot_id_low(id.low);
  body.add_snapshot_size(announcement.snapshot_size);
  body.add_published_ms(std::chrono::duration_cast<std::chrono::milliseconds>(announcement.published.time_since_epoch()).count());
  body.add_registry(registry);
  body.add_revision(revision);
  body.add_rollback_of(announcement.rollback_of);
  body.add_pinned(pinned);
  builder.Finish(body.Finish(), format::AnnouncementIdentifier());

  std::vector<std::byte> bytes(kBody + builder.GetSize());
  const std::span<std::byte> whole(bytes);
  std::memcpy(bytes.data(), kAnnouncementMagic.data(), kAnnouncementMagic.size());
  store(whole, kMajor, static_cast<std::uint16_t>(kFormatMajor));
  store(whole, kMinor, static_cast<std::uint16_t>(kFormatMinor));
  store(whole, kBodySize, static_cast<std::uint32_t>(builder.GetSize()));
  std::memcpy(bytes.data() + kBody, builder.GetBufferPointer(), builder.GetSize());
  store(whole, kChecksum, checksum(Bytes(bytes).first(kBody), Bytes(bytes).subspan(kBody)));
  return bytes;
}

std::string snapshot_key(std::string_view id) { return std::string(kSnapshotPrefix) + std::string(id) + ".almanac"; }

std::string generation_key(std::uint64_t generation) { return std::string(kGenerationPrefix) + std::to_string(generation); }

}  // namespace almanac::internal
