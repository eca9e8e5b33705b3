#include "import/properties_tree.h"

#include <cstdint>
#include <string>

#include "import/text_cursor.h"
#include "model/encoding.h"
#include "source/node_builder.h"

namespace almanac::importing {
namespace {

using source::Node;

constexpr bool is_white(char c) { return c == ' ' || c == '\t' || c == '\f'; }
constexpr bool is_separator(char c) { return c == '=' || c == ':'; }
constexpr bool is_high_surrogate(std::uint32_t code) { return code >= 0xd800 && code < 0xdc00; }
constexpr bool is_low_surrogate(std::uint32_t code) { return code >= 0xdc00 && code < 0xe000; }

// RFC 3629, section 3; `code` is no surrogate and at most U+10FFFF.
void append_utf8(std::string& text, std::uint32_t code) {
  const auto tail = [&](unsigned shift) { text += static_cast<char>(0x80U | ((code >> shift) & 0x3fU)); };
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xc0U | (code >> 6U));
    tail(0);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xe0U | (code >> 12U));
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xf0U | (code >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

class PropertiesReader {
 public:
  PropertiesReader(std::string_view text, bool latin1, model::Arena& arena) : arena_(arena), cursor_(text), latin1_(latin1) {}

  Node read() {
    Node root = cursor_.scalar();
    root.kind = Node::Kind::mapping;
    root.quoted = false;
    nodes_.open(root);
    while (begin_entry()) entry();
    return nodes_.close();
  }

 private:
  // Goes to where the next key begins.
  bool begin_entry() {
    while (true) {
      cursor_.skip([](char c) { return is_white(c) || is_line_break(c); });
      if (cursor_.at_end()) return false;
      const char c = cursor_.peek();
      if (c == '#' || c == '!') {
        cursor_.skip_line();
      } else if (!at_continuation()) {
        return true;
      } else {
        // A backslash alone on its line joins nothing to what follows.
        cursor_.skip_line();
      }
    }
  }

  void entry() {
    Node key = cursor_.scalar();
    std::string text;
    while (more() && !is_white(cursor_.peek()) && !is_separator(cursor_.peek())) character(text);
    key.text = arena_.copy(text);
    nodes_.add(key);
    skip_white();
    if (more() && is_separator(cursor_.peek())) {
      cursor_.take();
      skip_white();
    }
    text.clear();
    Node value = cursor_.scalar();
    while (more()) character(text);
    value.text = arena_.copy(text);
    nodes_.add(value);
  }

  [[nodiscard]] bool at_continuation() const {
    const std::string_view rest = cursor_.rest();
    return rest.starts_with('\\') && (rest.size() == 1 || is_line_break(rest[1]));
  }

  // Whether the logical line goes on; steps over the ends of natural lines in it.
  bool more() {
    while (at_continuation()) {
      cursor_.take();
      if (!cursor_.at_end()) cursor_.take();
      cursor_.skip(is_white);
    }
    return !cursor_.at_line_end();
  }

  void skip_white() {
    while (more() && is_white(cursor_.peek())) cursor_.take();
  }

  // more() has said that there is one.
  void character(std::string& text) {
    const Node start = cursor_.scalar();
    const char c = cursor_.take();
    if (c != '\\') {
      append(text, c);
      return;
    }
    const char escaped = cursor_.take();
    switch (escaped) {
      case 't': text += '\t'; break;
      case 'n': text += '\n'; break;
      case 'r': text += '\r'; break;
      case 'f': text += '\f'; break;
      case 'u': append_utf8(text, unicode(start)); break;
      default: append(text, escaped); break;
    }
  }

  void append(std::string& text, char c) const {
    if (c == '\0') throw cursor_.fault("the text holds the character U+0000 before this place");
    if (latin1_) {
      append_utf8(text, static_cast<unsigned char>(c));
    } else {
      text += c;
    }
  }

  // Behind \u; a character above U+FFFF is written as two.
  std::uint32_t unicode(const Node& start) {
    const std::uint32_t code = four_digits(start);
    if (code == 0) throw TextCursor::fault_at(start, "the text holds the character U+0000");
    if (is_low_surrogate(code)) throw half_a_pair(start);
    if (!is_high_surrogate(code)) return code;
    if (!more() || !cursor_.rest().starts_with("\\u")) throw half_a_pair(start);
    cursor_.take();
    cursor_.take();
    const std::uint32_t low = four_digits(start);
    if (!is_low_surrogate(low)) throw half_a_pair(start);
    return 0x10000 + ((code - 0xd800) << 10U) + (low - 0xdc00);
  }

  static source::SyntaxFault half_a_pair(const Node& start) {
    return TextCursor::fault_at(start, "half of a surrogate pair; write \\uD800 to \\uDBFF only before \\uDC00 to \\uDFFF");
  }

  std::uint32_t four_digits(const Node& start) {
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i) {
      const int digit = more() ? hex_digit(cursor_.peek()) : -1;
      if (digit < 0) throw TextCursor::fault_at(start, "\\u needs four hexadecimal digits; a backslash itself is written \\\\");
      cursor_.take();
      code = code * 16 + static_cast<std::uint32_t>(digit);
    }
    return code;
  }

  static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  }

  model::Arena& arena_;
  TextCursor cursor_;
  bool latin1_;
  source::NodeBuilder nodes_{arena_};
};

}  // namespace

Properties parse_properties(std::string_view text, model::Arena& arena) {
  Properties properties;
  const auto invalid = model::first_invalid_utf8(text);
  if (invalid) {
    TextCursor cursor(text);
    while (cursor.offset() < *invalid) cursor.take();
    properties.latin1_since = cursor.scalar();
  }
  properties.root = PropertiesReader(text, invalid.has_value(), arena).read();
  return properties;
}

}  // namespace almanac::importing
