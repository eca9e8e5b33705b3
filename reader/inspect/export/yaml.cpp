// The same as json.cpp in YAML, for readers of 1.1 and 1.2: every text is in double quotes, so that none is a number, a date or "no".
#include <vector>

#include "inspect/export/claimed_names.h"
#include "inspect/export/flat_texts.h"
#include "inspect/export/formats.h"
#include "inspect/export/u_escape.h"
#include "inspect/utf8.h"

namespace almanac::inspect {
namespace {

// A key of more characters stands behind a "?" (YAML 1.2.2, section 7.4.2: at most 1024, with its quotes).
constexpr std::size_t kLongestKey = 1024;

// Section 5.1, the printable characters, less the separators of lines that 1.1 has and the byte order mark.
bool is_printable(char32_t code) {
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return false;
  return code != 0x2028 && code != 0x2029 && code != 0xfeff && code != 0xfffe && code != 0xffff;
}

std::string in_double_quotes(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const Character character = first_character(text);
    if (!character.valid) {
      out += "\\uFFFD";
    } else if (text.front() == '"' || text.front() == '\\') {
      out.append("\\").append(1, text.front());
    } else if (text.front() == '\n') {
      out += "\\n";
    } else if (is_printable(character.code)) {
      out += text.substr(0, character.size);
    } else {
      append_u_escape(out, character.code);  // none of these is above U+FFFF
    }
    text.remove_prefix(character.size);
  }
  return out += '"';
}

void append_entry(std::string& text, const std::string& key, const std::vector<std::string_view>& texts) {
  if (key.size() > kLongestKey) {
    text.append("? ").append(key).append("\n:");
  } else {
    text.append(key).append(":");
  }
  if (texts.size() == 1) {
    text.append(" ").append(in_double_quotes(texts.front())).append("\n");
    return;
  }
  text += '\n';
  for (const std::string_view one : texts) text.append("  - ").append(in_double_quotes(one)).append("\n");
}

}  // namespace

void write_yaml(const ExportInput& input, std::string& text, Losses& losses) {
  ClaimedNames names("yaml");
  const std::size_t begin = text.size();
  for (const ListedService& service : input.listed.services) {
    const std::vector<std::string_view> texts = flat_texts(service, losses);
    if (texts.empty()) continue;
    const std::string name = input.name_of(service);
    names.claim(name, service);
    append_entry(text, in_double_quotes(name), texts);
  }
  if (text.size() == begin) text += "{}\n";
}

}  // namespace almanac::inspect
