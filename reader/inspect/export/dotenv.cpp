// Files of environment variables (.env), for a shell to source and for those programs that read what a shell would.
#include <algorithm>
#include <vector>

#include "inspect/export/claimed_names.h"
#include "inspect/export/flat_texts.h"
#include "inspect/export/formats.h"
#include "inspect/utf8.h"
#include "store/ascii.h"

namespace almanac::inspect {
namespace {

using internal::is_ascii_alphanumeric;

// Capitals, digits and _, no digit first (POSIX.1-2017, section 8.1): "payments/api" is PAYMENTS_API.
std::string variable_name(std::string_view name) {
  std::string variable = name.empty() || internal::is_ascii_digit(name.front()) ? "_" : "";
  while (!name.empty()) {
    const char c = name.front();
    const bool is_small = c >= 'a' && c <= 'z';
    variable += is_small ? static_cast<char>(c - 'a' + 'A') : is_ascii_alphanumeric(c) ? c : '_';
    name.remove_prefix(first_character(name).size);
  }
  return variable;
}

// Without quotes where they say nothing, for readers that keep them; in single quotes, which every reader takes as they are; and
// else in double ones (POSIX.1-2017, section 2.2.3 of Shell & Utilities).
void append_quoted(std::string& text, std::string_view value) {
  constexpr std::string_view kOther = "_./:@%+,=-";
  const auto is_bare = [&](char c) { return is_ascii_alphanumeric(c) || kOther.find(c) != std::string_view::npos; };
  if (!value.empty() && std::ranges::all_of(value, is_bare)) {
    text += value;
  } else if (value.find('\'') == std::string_view::npos) {
    text.append("'").append(value).append("'");
  } else {
    text += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\' || c == '$' || c == '`') text += '\\';
      text += c;
    }
    text += '"';
  }
}

}  // namespace

void write_dotenv(const ExportInput& input, std::string& text, Losses& losses) {
  ClaimedNames names("dotenv");
  for (const ListedService& service : input.listed.services) {
    const std::vector<std::string_view> texts = flat_texts(service, losses);
    if (texts.empty()) continue;
    const std::string name = variable_name(input.name_of(service));
    names.claim(name, service);
    text.append(name).append("=");
    append_quoted(text, joined_texts(service, texts, losses));
    text += '\n';
  }
}

}  // namespace almanac::inspect
