#include "bundle.h"

#include <almanac/error.h>

#include <array>
#include <string>

#include "announcement.h"

namespace almanac::internal {

std::optional<Object> read_bundle(const ByteSource& file) {
  std::array<std::byte, kAnnouncementMagic.size()> begin{};
  if (file.size() < begin.size()) return std::nullopt;
  file.read(0, begin);
  if (as_text(begin) != kAnnouncementMagic) return std::nullopt;
  Object object;
  object.bytes.resize(static_cast<std::size_t>(file.size()));
  file.read(0, object.bytes);
  const ParsedAnnouncement parsed = parse_announcement(object.bytes, file.name());
  const std::uint64_t carried = object.bytes.size() - parsed.size;
  if (carried < parsed.announcement.snapshot_size) {
    throw Error(ErrorCode::kTruncated, file.name(),
                "has only " + std::to_string(carried) + " of the snapshot's " + std::to_string(parsed.announcement.snapshot_size) +
                    " bytes; make a whole bundle with inspect-snapshot bundle",
                object.bytes.size());
  }
  return object;
}

}  // namespace almanac::internal
