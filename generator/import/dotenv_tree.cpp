#include "import/dotenv_tree.h"

#include <string>
#include <utility>

#include "import/text_cursor.h"
#include "model/encoding.h"
#include "model/quoted.h"
#include "source/node_builder.h"
#include "store/ascii.h"

namespace almanac::importing {
namespace {

using source::Node;

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
constexpr bool begins_variable(char c) { return internal::is_ascii_letter(c) || c == '_'; }
// Dots and hyphens are no shell's, but many files have them.
constexpr bool is_in_name(char c) { return begins_variable(c) || internal::is_ascii_digit(c) || c == '.' || c == '-'; }

class DotenvReader {
 public:
  DotenvReader(std::string_view text, model::Arena& arena) : arena_(arena), cursor_(text) {}

  Dotenv read() {
    Node root = cursor_.scalar();
    root.kind = Node::Kind::mapping;
    root.quoted = false;
    nodes_.open(root);
    while (!cursor_.at_end()) line();
    dotenv_.root = nodes_.close();
    return std::move(dotenv_);
  }

 private:
  void line() {
    cursor_.skip(is_blank);
    if (cursor_.at_line_end() || cursor_.peek() == '#') {
      cursor_.skip_line();
      return;
    }
    skip_export();
    const Node key = name();
    nodes_.add(key);
    const std::size_t behind_equals = cursor_.offset();
    cursor_.skip(is_blank);
    const bool after_blank = cursor_.offset() > behind_equals;
    Node value = cursor_.scalar();
    switch (cursor_.peek()) {
      case '\'': value.text = single_quoted(value); break;
      case '"': value.text = double_quoted(value); break;
      case '`': throw cursor_.fault("a value in backticks means different things to different readers; quote it with ' or \"");
      default: value.text = bare(after_blank); break;
    }
    nodes_.add(value);
    if (expandable_) dotenv_.expandable.push_back(key);
    expandable_ = false;
  }

  // Unless "export" is itself the name.
  void skip_export() {
    constexpr std::string_view kExport = "export";
    const std::string_view rest = cursor_.rest();
    if (!rest.starts_with(kExport) || rest.size() == kExport.size() || !is_blank(rest[kExport.size()])) return;
    const std::size_t next = rest.find_first_not_of(" \t", kExport.size());
    if (next != std::string_view::npos && rest[next] == '=') return;
    cursor_.skip(begins_variable);
    cursor_.skip(is_blank);
  }

  Node name() {
    Node key = cursor_.scalar();
    const std::size_t start = cursor_.offset();
    cursor_.skip(is_in_name);
    const std::string_view text = cursor_.since(start);
    if (text.empty()) throw cursor_.fault("expected the name of a variable, of letters, digits, \"_\", \".\" and \"-\"");
    key.text = arena_.copy(text);
    cursor_.skip(is_blank);
    if (cursor_.peek() != '=') throw cursor_.fault("expected \"=\" after the name " + model::quoted(text));
    cursor_.take();
    return key;
  }

  // Up to a comment or the end of the line.
  std::string_view bare(bool after_blank) {
    const std::size_t start = cursor_.offset();
    std::size_t end = start;
    while (!cursor_.at_line_end() && !(after_blank && cursor_.peek() == '#')) {
      if (cursor_.peek() == '#') throw cursor_.fault("a # in a bare value begins a comment for some readers alone; quote the value");
      look_at_dollar();
      after_blank = is_blank(take());
      if (!after_blank) end = cursor_.offset();
    }
    const std::string_view text = cursor_.since(start).substr(0, end - start);
    cursor_.skip_line();
    return arena_.copy(text);
  }

  std::string_view single_quoted(const Node& start) {
    std::string text;
    cursor_.take();
    while (!cursor_.at_end() && cursor_.peek() != '\'') text += take();
    close(start);
    return arena_.copy(text);
  }

  std::string_view double_quoted(const Node& start) {
    std::string text;
    cursor_.take();
    while (!cursor_.at_end() && cursor_.peek() != '"') {
      look_at_dollar();
      const char c = take();
      if (c == '\\' && !cursor_.at_end()) {
        escape(text);
      } else {
        text += c;
      }
    }
    close(start);
    return arena_.copy(text);
  }

  void escape(std::string& text) {
    const char c = take();
    switch (c) {
      case 'n': text += '\n'; break;
      case 'r': text += '\r'; break;
      case 't': text += '\t'; break;
      case '"':
      case '\\':
      case '$':
      case '`': text += c; break;
      case '\n': break;
      default:
        throw cursor_.fault("a backslash before this means different things to different readers; write \\\\ for a backslash itself");
    }
  }

  // Behind a quoted text nothing but a comment may stand.
  void close(const Node& start) {
    if (cursor_.at_end()) throw TextCursor::fault_at(start, "the quote that begins here is not closed");
    cursor_.take();
    cursor_.skip(is_blank);
    if (!cursor_.at_line_end() && cursor_.peek() != '#') {
      throw cursor_.fault("something follows the closing quote; put the whole value between the quotes");
    }
    cursor_.skip_line();
  }

  char take() {
    if (cursor_.peek() == '\0') throw cursor_.fault("the text holds the character U+0000");
    return cursor_.take();
  }

  void look_at_dollar() {
    const std::string_view rest = cursor_.rest();
    expandable_ = expandable_ || (rest.size() > 1 && rest[0] == '$' && (begins_variable(rest[1]) || rest[1] == '{' || rest[1] == '('));
  }

  model::Arena& arena_;
  TextCursor cursor_;
  source::NodeBuilder nodes_{arena_};
  Dotenv dotenv_;
  bool expandable_ = false;  // of the value that is being read
};

void check_utf8(std::string_view text) {
  const auto invalid = model::first_invalid_utf8(text);
  if (!invalid) return;
  TextCursor cursor(text);
  while (cursor.offset() < *invalid) cursor.take();
  throw cursor.fault("the text is not UTF-8 here");
}

}  // namespace

Dotenv parse_dotenv(std::string_view text, model::Arena& arena) {
  check_utf8(text);
  return DotenvReader(text, arena).read();
}

}  // namespace almanac::importing
