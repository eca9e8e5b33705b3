#include "announcement.h"

#include <almanac/error.h>
#include <almanac/version.h>

#include "announcement_generated.h"
#include "flatbuffer.h"
#include "schedule_format.h"

namespace almanac::internal {

namespace {

enum Offset : std::size_t { kMajor = 8, kMinor = 10, kBodySize = 12, kChecksum = 16, kBody = 24 };

// What a time_point can hold, which counts nanoseconds: the years 1677 to 2262.
constexpr auto kEarliest = std::chrono::ceil<std::chrono::milliseconds>(std::chrono::system_clock::duration::min());
constexpr auto kLatest = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::duration::max());

// Of the header before it and the body behind it.
std::uint64_t checksum(Bytes header, Bytes body) noexcept { return checksum_of(header.first(kChecksum)) ^ checksum_of(body); }

// The first minor version that knows rollouts and documents.
constexpr std::uint16_t kMinorOfAdditions = 1;

std::string text_or_empty(const flatbuffers::String* text) { return text == nullptr ? std::string() : text->str(); }

std::int64_t milliseconds_of(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

std::chrono::system_clock::time_point take_time(std::int64_t milliseconds, const std::string& object) {
  if (milliseconds < kEarliest.count() || milliseconds > kLatest.count()) {
    throw Error(ErrorCode::kCorrupt, object, "the announcement was published at no time that there is", kBody);
  }
  return std::chrono::system_clock::time_point(std::chrono::milliseconds(milliseconds));
}

std::string take_documents(const flatbuffers::String* id, const std::string& object) {
  std::string text = text_or_empty(id);
  if (!text.empty() && !parse_digest(text)) throw Error(ErrorCode::kCorrupt, object, "the announcement's documents are no digest", kBody);
  return text;
}

GenerationRollout take_rollout(const format::GenerationRollout& table, std::uint64_t generation, const std::string& object) {
  GenerationRollout rollout;
  rollout.previous_generation = table.previous_generation();
  rollout.previous_id = to_hex({table.previous_id_high(), table.previous_id_low()});
  rollout.previous_size = table.previous_size();
  rollout.previous_published = take_time(table.previous_published_ms(), object);
  rollout.previous_revision = text_or_empty(table.previous_revision());
  rollout.seed = table.seed();
  if (!elements_aligned(table.stages()) || span_of(table.stages()).size() > kMaxStages) {
    throw Error(ErrorCode::kCorrupt, object, "the announcement's rollout has more than 1,000 stages, or they are not aligned", kBody);
  }
  rollout.schedule = read_schedule(span_of(table.stages()), table.is_ramp());
  if (const char* fault = fault_of(rollout.schedule)) {
    throw Error(ErrorCode::kCorrupt, object, std::string("the announcement's rollout is out of order: ") + fault, kBody);
  }
  if (rollout.previous_generation == 0 || rollout.previous_generation >= generation || rollout.schedule.final_share() != kWholeShare) {
    throw Error(ErrorCode::kCorrupt, object,
                "the announcement's rollout does not lead all instances from an earlier generation to this one", kBody);
  }
  return rollout;
}

flatbuffers::Offset<format::GenerationRollout> write_rollout(flatbuffers::FlatBufferBuilder& builder, const GenerationRollout& rollout) {
  const Digest id = parse_digest(rollout.previous_id).value();
  const auto revision = builder.CreateString(rollout.previous_revision);
  const auto stages = builder.CreateVectorOfStructs(write_schedule(rollout.schedule));
  format::GenerationRolloutBuilder table(builder);
  table.add_previous_generation(rollout.previous_generation);
  table.add_previous_id_high(id.high);
  table.add_previous_id_low(id.low);
  table.add_previous_size(rollout.previous_size);
  table.add_previous_published_ms(milliseconds_of(rollout.previous_published));
  table.add_previous_revision(revision);
  table.add_seed(rollout.seed);
  table.add_is_ramp(rollout.schedule.is_ramp);
  table.add_stages(stages);
  return table.Finish();
}

}  // namespace

RolloutStatus GenerationRollout::status_for(const Caller& caller, Moment now) const {
  RolloutStatus status;
  status.share = schedule.share_at(now);
  const std::string_view instance = caller.get("instance");
  if (instance.empty()) return status;
  status.bucket = bucket_of(instance, seed);
  const std::optional<Moment> moment = schedule.moment_of(*status.bucket);
  status.moved = moment && now >= *moment;
  status.moves = time_of(moment);
  return status;
}

const GenerationRollout* unfinished_rollout(const Announcement& announcement, Moment now) noexcept {
  const auto& rollout = announcement.rollout;
  return rollout && rollout->schedule.share_at(now) < kWholeShare ? &*rollout : nullptr;
}

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
  ParsedAnnouncement parsed;
  parsed.size = kBody + body.size();
  Announcement& announcement = parsed.announcement;
  announcement.generation = root->generation();
  announcement.snapshot_id = to_hex({root->snapshot_id_high(), root->snapshot_id_low()});
  announcement.snapshot_size = root->snapshot_size();
  announcement.registry = text_or_empty(root->registry());
  announcement.revision = text_or_empty(root->revision());
  announcement.published = take_time(root->published_ms(), object);
  announcement.rollback_of = root->rollback_of();
  if (announcement.rollback_of >= announcement.generation) {
    throw Error(ErrorCode::kCorrupt, object, "the announcement brings back a generation that does not lie before its own", kBody);
  }
  if (root->pinned() != nullptr) announcement.pinned = root->pinned()->str();
  if (root->rollout() != nullptr) announcement.rollout = take_rollout(*root->rollout(), announcement.generation, object);
  announcement.documents = take_documents(root->documents(), object);
  return parsed;
}

std::vector<std::byte> encode_announcement(const Announcement& announcement) {
  const Digest id = parse_digest(announcement.snapshot_id).value();
  flatbuffers::FlatBufferBuilder builder;
  const auto registry = builder.CreateString(announcement.registry);
  const auto revision = builder.CreateString(announcement.revision);
  flatbuffers::Offset<flatbuffers::String> pinned;
  if (announcement.pinned) pinned = builder.CreateString(*announcement.pinned);
  flatbuffers::Offset<format::GenerationRollout> rollout;
  if (announcement.rollout) rollout = write_rollout(builder, *announcement.rollout);
  flatbuffers::Offset<flatbuffers::String> documents;
  if (!announcement.documents.empty()) documents = builder.CreateString(announcement.documents);
  format::AnnouncementBuilder body(builder);
  body.add_generation(announcement.generation);
  body.add_snapshot_id_high(id.high);
  body.add_snapshot_id_low(id.low);
  body.add_snapshot_size(announcement.snapshot_size);
  body.add_published_ms(milliseconds_of(announcement.published));
  body.add_registry(registry);
  body.add_revision(revision);
  body.add_rollback_of(announcement.rollback_of);
  body.add_pinned(pinned);
  body.add_rollout(rollout);
  body.add_documents(documents);
  builder.Finish(body.Finish(), format::AnnouncementIdentifier());

  std::vector<std::byte> bytes(kBody + builder.GetSize());
  const std::span<std::byte> whole(bytes);
  std::memcpy(bytes.data(), kAnnouncementMagic.data(), kAnnouncementMagic.size());
  store(whole, kMajor, static_cast<std::uint16_t>(kFormatMajor));
  const bool has_additions = announcement.rollout || !announcement.documents.empty();
  store(whole, kMinor, has_additions ? kMinorOfAdditions : std::uint16_t{0});
  store(whole, kBodySize, static_cast<std::uint32_t>(builder.GetSize()));
  std::memcpy(bytes.data() + kBody, builder.GetBufferPointer(), builder.GetSize());
  store(whole, kChecksum, checksum(Bytes(bytes).first(kBody), Bytes(bytes).subspan(kBody)));
  return bytes;
}

std::string snapshot_key(std::string_view id) { return std::string(kSnapshotPrefix) + std::string(id) + ".almanac"; }

std::string generation_key(std::uint64_t generation) { return std::string(kGenerationPrefix) + std::to_string(generation); }

std::string documents_key(std::string_view id) { return std::string(kDocumentsPrefix) + std::string(id); }

}  // namespace almanac::internal
