// A file of Java properties (Java SE API, java.util.Properties, load): ASCII alone, so that the encoding it is read in does not matter.
#include <vector>

#include "inspect/export/claimed_names.h"
#include "inspect/export/flat_texts.h"
#include "inspect/export/formats.h"
#include "inspect/export/u_escape.h"
#include "inspect/utf8.h"

namespace almanac::inspect {
namespace {

// In units of UTF-16: a character above U+FFFF is two of them.
void append_character(std::string& text, char32_t code) {
  if (code >= 0x10000) append_u_escape(text, 0xd800 + ((code - 0x10000) >> 10U));
  append_u_escape(text, code < 0x10000 ? code : 0xdc00 + ((code - 0x10000) & 0x3ffU));
}

// `special`: printable characters that have a meaning there.
void append_escaped(std::string& text, std::string_view plain, std::string_view special) {
  while (!plain.empty()) {
    const Character character = first_character(plain);
    const char c = plain.front();
    if (!character.valid) {
      append_character(text, 0xfffd);
    } else if (c == '\n') {
      text += "\\n";
    } else if (c == '\r') {
      text += "\\r";
    } else if (c == '\t') {
      text += "\\t";
    } else if (character.code < 0x20 || character.code > 0x7e) {
      append_character(text, character.code);
    } else {
      if (c == '\\' || special.find(c) != std::string_view::npos) text += '\\';
      text += c;
    }
    plain.remove_prefix(character.size);
  }
}

}  // namespace

void write_properties(const ExportInput& input, std::string& text, Losses& losses) {
  ClaimedNames names("properties");
  for (const ListedService& service : input.listed.services) {
    const std::vector<std::string_view> texts = flat_texts(service, losses);
    if (texts.empty()) continue;
    const std::string name = input.name_of(service);
    names.claim(name, service);
    append_escaped(text, name, " =:#!");
    text += '=';
    const std::string value = joined_texts(service, texts, losses);
    if (value.starts_with(' ')) text += '\\';  // blanks behind the = are none of the value
    append_escaped(text, value, "");
    text += '\n';
  }
}

}  // namespace almanac::inspect
