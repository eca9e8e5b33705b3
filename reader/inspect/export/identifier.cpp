#include "inspect/export/identifier.h"

#include <algorithm>
#include <span>

#include "digest.h"
#include "store/ascii.h"

namespace almanac::inspect {
namespace {

constexpr std::size_t kDigestDigits = 16;

std::string digits_of(std::string_view name) {
  return internal::to_hex(internal::digest_of(std::as_bytes(std::span(name)))).substr(0, kDigestDigits);
}

constexpr bool is_safe(char c) noexcept { return internal::is_ascii_alphanumeric(c) || c == '.' || c == '-' || c == '_'; }

// A name that could be another one's with its digits gets its own.
bool seems_to_have_digits(std::string_view name) {
  if (name.size() <= kDigestDigits || name[name.size() - kDigestDigits - 1] != '-') return false;
  return std::ranges::all_of(name.substr(name.size() - kDigestDigits), internal::is_ascii_alphanumeric);
}

}  // namespace

std::string identifier_of(std::string_view name) {
  std::string identifier = "almanac-";
  for (const char c : name) identifier += is_safe(c) ? c : '_';
  if (!std::ranges::all_of(name, is_safe) || seems_to_have_digits(name)) identifier += "-" + digits_of(name);
  return identifier;
}

}  // namespace almanac::inspect
