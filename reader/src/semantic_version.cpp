#include "semantic_version.h"

#include <algorithm>
#include <cstddef>

namespace almanac::internal {

namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool is_of_identifier(char c) noexcept { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'; }

bool is_numeric(std::string_view identifier) noexcept { return std::ranges::all_of(identifier, is_digit); }

// Identifiers with dots between them; empty when one is not there, or is a number with leading zeros where those must not be.
std::string_view take_identifiers(std::string_view& rest, bool leading_zeros) noexcept {
  const char* const begin = rest.data();
  for (;;) {
    const std::string_view identifier(rest.begin(), std::ranges::find_if_not(rest, is_of_identifier));
    rest.remove_prefix(identifier.size());
    if (identifier.empty()) return {};
    if (!leading_zeros && identifier.size() > 1 && identifier.front() == '0' && is_numeric(identifier)) return {};
    if (!rest.starts_with('.')) return {begin, rest.data()};
    rest.remove_prefix(1);
  }
}

std::weak_ordering compare_identifiers(std::string_view left, std::string_view right) noexcept {
  const bool left_is_number = is_numeric(left);
  if (left_is_number != is_numeric(right)) return left_is_number ? std::weak_ordering::less : std::weak_ordering::greater;
  // Of numbers without leading zeros the longer one is the larger.
  if (left_is_number && left.size() != right.size()) return left.size() <=> right.size();
  return left <=> right;
}

std::string_view take_identifier(std::string_view& rest) noexcept {
  const std::string_view identifier = rest.substr(0, rest.find('.'));
  rest.remove_prefix(std::min(identifier.size() + 1, rest.size()));
  return identifier;
}

std::weak_ordering compare_pre_releases(std::string_view left, std::string_view right) noexcept {
  if (left.empty() || right.empty()) return left.empty() <=> right.empty();  // a release comes after its pre-releases
  while (!left.empty() && !right.empty()) {
    if (const auto order = compare_identifiers(take_identifier(left), take_identifier(right)); order != 0) return order;
  }
  return right.empty() <=> left.empty();
}

}  // namespace

std::optional<std::uint64_t> take_version_number(std::string_view& rest) noexcept {
  constexpr std::size_t kMostDigits = 16;  // of kMaxVersionNumber
  std::uint64_t number = 0;
  std::size_t size = 0;
  for (; size < rest.size() && is_digit(rest[size]) && size <= kMostDigits; ++size) {
    number = number * 10 + static_cast<std::uint64_t>(rest[size] - '0');
  }
  if (size == 0 || number > kMaxVersionNumber || (size > 1 && rest.front() == '0')) return std::nullopt;
  rest.remove_prefix(size);
  return number;
}

std::optional<std::string_view> take_qualifier(std::string_view& rest) noexcept {
  std::string_view pre_release;
  if (rest.starts_with('-')) {
    rest.remove_prefix(1);
    pre_release = take_identifiers(rest, false);
    if (pre_release.empty()) return std::nullopt;
  }
  if (rest.starts_with('+')) {
    rest.remove_prefix(1);
    if (take_identifiers(rest, true).empty()) return std::nullopt;
  }
  return pre_release;
}

std::optional<SemanticVersion> parse_version(std::string_view text) noexcept {
  SemanticVersion version;
  for (std::uint64_t& number : version.numbers) {
    if (&number != version.numbers.data()) {
      if (!text.starts_with('.')) return std::nullopt;
      text.remove_prefix(1);
    }
    const auto taken = take_version_number(text);
    if (!taken) return std::nullopt;
    number = *taken;
  }
  const auto pre_release = take_qualifier(text);
  if (!pre_release || !text.empty()) return std::nullopt;
  version.pre_release = *pre_release;
  return version;
}

std::weak_ordering operator<=>(const SemanticVersion& left, const SemanticVersion& right) noexcept {
  if (const auto order = left.numbers <=> right.numbers; order != 0) return order;
  return compare_pre_releases(left.pre_release, right.pre_release);
}

}  // namespace almanac::internal
