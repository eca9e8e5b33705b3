// A semantic version, read and compared. https://semver.org/spec/v2.0.0.html
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace almanac::internal {

// The largest number of a version, as in node-semver.
inline constexpr std::uint64_t kMaxVersionNumber = 9'007'199'254'740'991;

struct SemanticVersion {
  std::array<std::uint64_t, 3> numbers{};
  std::string_view pre_release;  // borrowed; "rc.1", or empty
};

[[nodiscard]] std::optional<SemanticVersion> parse_version(std::string_view text) noexcept;

// Precedence: section 11. Versions that differ in their builds alone are equivalent.
[[nodiscard]] std::weak_ordering operator<=>(const SemanticVersion& left, const SemanticVersion& right) noexcept;
[[nodiscard]] inline bool operator==(const SemanticVersion& left, const SemanticVersion& right) noexcept { return (left <=> right) == 0; }

// Parts of a version, taken off the front of `rest`. Nothing when they are not there; a number then stays where it is.
[[nodiscard]] std::optional<std::uint64_t> take_version_number(std::string_view& rest) noexcept;
// "-rc.1+build", "-rc.1", "+build" or nothing at all, of which it gives the pre-release.
[[nodiscard]] std::optional<std::string_view> take_qualifier(std::string_view& rest) noexcept;

}  // namespace almanac::internal
