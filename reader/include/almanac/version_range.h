// Which versions will do, in the words of npm: "^1.2", "~2.1", ">=1 <3", "1.x || >=2.5.0", "1.2 - 2.3.4".
//
//   almanac::VersionRange range = "^1.2";     // throws Error kInvalidArgument for what is no range
//   if (range.contains("1.4.0")) …            // true
//
// The grammar and its meaning are those of node-semver (its README, "Ranges"), in its strict mode: a pre-release is in an alternative
// (of those between ||) only when that names a pre-release of the same MAJOR.MINOR.PATCH. Precedence is that of Semantic Versioning
// 2.0.0, section 11. reader/CALLERS.md, "Ranges of versions", has it in full, and what is refused though that program reads it.
//
// The text is borrowed: it must outlive the range and its copies. Threads: const calls may run at once.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include <almanac/error.h>

namespace almanac {

class ALMANAC_EXPORT VersionRange {
 public:
  VersionRange() = default;  // of no text
  // Throws Error kInvalidArgument, which names the text and the byte in it.
  template <std::convertible_to<std::string_view> Text>
  VersionRange(const Text& text) : text_(checked(text)) {}  // NOLINT(google-explicit-constructor): reads as a text where one is wanted
  VersionRange(const std::string&&) = delete;               // the text would be gone before the range

  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  // False for what is no semantic version, or has a number above 9,007,199,254,740,991. No text and "*" are every release.
  // Does not allocate.
  [[nodiscard]] bool contains(std::string_view version) const noexcept;

 private:
  static std::string_view checked(std::string_view text);
  std::string_view text_;
};

}  // namespace almanac
