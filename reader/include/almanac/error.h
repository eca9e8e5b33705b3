// What went wrong, for programs (code, object, offset) and for people (what()).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <almanac/version.h>

namespace almanac {

// Never renumber: the values end up in logs and metrics.
enum class ErrorCode {
  kNotFound = 1,            // no such file, snapshot, namespace or store
  kInputOutput = 2,         // the operating system or the network refused; what() has its words
  kForeign = 3,             // not a snapshot or announcement at all
  kTruncated = 4,           // shorter than it says it is
  kCorrupt = 5,             // a digest or a rule of the format does not hold
  kUnsupportedVersion = 6,  // made by a newer writer for newer readers
  kLimitExceeded = 7,       // larger than this reader accepts
  kInvalidArgument = 8,     // the caller's mistake
  kConflict = 9,            // somebody else changed the store first
  kPermissionDenied = 10,   // a store refused these credentials, or there are none
  kTimedOut = 11,           // no answer before the deadline
  kUnsupported = 12,        // this store cannot do that: it is read-only, or has no conditional writes
};

// The name of a code as it appears in messages and JSON: "not found", "corrupt", …
[[nodiscard]] ALMANAC_EXPORT std::string_view to_string(ErrorCode code) noexcept;

// Thrown when a snapshot or a store cannot be opened; nothing on the lookup path throws.
// what() reads "<object>: <what, and what to do>" with " (at byte N)" where a place is known,
// in one line, without control characters.
class ALMANAC_EXPORT Error : public std::runtime_error {
 public:
  Error(ErrorCode code, std::string object, std::string_view problem, std::optional<std::uint64_t> offset = std::nullopt);

  [[nodiscard]] ErrorCode code() const noexcept { return code_; }
  // what() without the object in front. Borrowed: as long as what() is.
  [[nodiscard]] std::string_view problem() const noexcept { return std::string_view(what()).substr(problem_begin_); }
  // The file, object or namespace concerned, as the caller named it.
  [[nodiscard]] const std::string& object() const noexcept { return object_; }
  // The byte in that object where the problem was noticed, when there is one.
  [[nodiscard]] std::optional<std::uint64_t> offset() const noexcept { return offset_; }

 private:
  ErrorCode code_;
  std::string object_;
  std::optional<std::uint64_t> offset_;
  std::size_t problem_begin_;  // in what()
};

}  // namespace almanac
