#include "inspect/export/host_name.h"

#include <algorithm>

#include "store/ascii.h"

namespace almanac::inspect {
namespace {

constexpr std::size_t kMaxHostName = 253;  // RFC 1035, section 2.3.4, as text
// The labels of an address or an SRV record come on top, and a zone's own name.
constexpr std::size_t kMaxDnsName = 120;

// Calls `is_fine` with the parts between the dots while it says yes.
template <typename IsFine>
bool all_labels(std::string_view text, IsFine&& is_fine) {
  for (;;) {
    const std::size_t dot = text.find('.');
    const std::string_view label = text.substr(0, dot);
    if (label.empty() || label.size() > kMaxLabel || !is_fine(label)) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool has_inner_hyphens(std::string_view label) noexcept { return label.front() != '-' && label.back() != '-'; }

}  // namespace

bool is_host_name(std::string_view text) noexcept {
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.size() > kMaxHostName) return false;
  const auto is_label = [](std::string_view label) {
    return has_inner_hyphens(label) &&
           std::ranges::all_of(label, [](char c) { return internal::is_ascii_alphanumeric(c) || c == '-' || c == '_'; });
  };
  return all_labels(text, is_label) && !std::ranges::all_of(text.substr(text.rfind('.') + 1), internal::is_ascii_digit);
}

std::optional<std::string> dns_name(std::string_view name) {
  std::string reversed;
  for (;;) {
    const std::size_t slash = name.rfind('/');
    reversed.append(name.substr(slash + 1));  // npos + 1 is 0
    if (slash == std::string_view::npos) break;
    reversed += '.';
    name = name.substr(0, slash);
  }
  const auto is_label = [](std::string_view label) {
    return has_inner_hyphens(label) && std::ranges::all_of(label, [](char c) { return internal::is_ascii_alphanumeric(c) || c == '-'; });
  };
  if (reversed.size() > kMaxDnsName || !all_labels(reversed, is_label)) return std::nullopt;
  return internal::lower_case(reversed);
}

}  // namespace almanac::inspect
