#include <almanac/error.h>

#include <utility>

namespace almanac {

namespace {

// Names from a file may stand in it, and terminals and logs obey control characters.
std::string without_controls(std::string text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_c1 = text[i] == '\xC2' && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) - 0x80U < 0x20U;
    if (static_cast<unsigned char>(text[i]) < ' ' || text[i] == '\x7F') text[i] = '?';
    if (is_c1) text.replace(i, 2, "?");
  }
  return text;
}

std::string in_front(std::string_view object) { return without_controls(std::string(object) + ": "); }

std::string message(std::string_view object, std::string_view problem, std::optional<std::uint64_t> offset) {
  std::string text = in_front(object) + without_controls(std::string(problem));
  if (offset) text.append(" (at byte ").append(std::to_string(*offset)).append(")");
  return text;
}

}  // namespace

std::string_view to_string(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kNotFound: return "not found";
    case ErrorCode::kInputOutput: return "input/output";
    case ErrorCode::kForeign: return "foreign";
    case ErrorCode::kTruncated: return "truncated";
    case ErrorCode::kCorrupt: return "corrupt";
    case ErrorCode::kUnsupportedVersion: return "unsupported version";
    case ErrorCode::kLimitExceeded: return "limit exceeded";
    case ErrorCode::kInvalidArgument: return "invalid argument";
    case ErrorCode::kConflict: return "conflict";
    case ErrorCode::kPermissionDenied: return "permission denied";
    case ErrorCode::kTimedOut: return "timed out";
    case ErrorCode::kUnsupported: return "unsupported";
  }
  return "unknown";
}

Error::Error(ErrorCode code, std::string object, std::string_view problem, std::optional<std::uint64_t> offset)
    : std::runtime_error(message(object, problem, offset)),
      code_(code),
      object_(std::move(object)),
      offset_(offset),
      problem_begin_(in_front(object_).size()) {}

}  // namespace almanac
