#include "source/json_tree.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "model/arena.h"
#include "model/encoding.h"
#include "source/node_builder.h"
#include "store/ascii.h"

namespace almanac::source {
namespace {

namespace ondemand = simdjson::ondemand;

std::size_t digits_at(std::string_view text, std::size_t at) noexcept {
  std::size_t end = at;
  while (end < text.size() && internal::is_ascii_digit(text[end])) ++end;
  return end - at;
}

constexpr std::string_view kBlanks = " \t\r\n";

// Where the object or list ends that begins at `start`, by its brackets alone; the end of the text when they are not closed.
std::size_t end_of_value(std::string_view text, std::size_t start) {
  std::size_t open = 0;
  bool inside = false;
  for (std::size_t at = start; at < text.size(); ++at) {
    const char c = text[at];
    if (inside) {
      if (c == '\\') ++at;
      inside = c != '"';
    } else if (c == '"') {
      inside = true;
    } else if (c == '{' || c == '[') {
      ++open;
    } else if ((c == '}' || c == ']') && --open == 0) {
      return at + 1;
    }
  }
  return text.size();
}

// The first control character inside a string; for a text that is known to hold one.
std::size_t control_in_string(std::string_view text) {
  bool inside = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') {
      inside = !inside;
    } else if (inside && text[at] == '\\') {
      ++at;
    } else if (inside && static_cast<unsigned char>(text[at]) < 0x20) {
      return at;
    }
  }
  return text.size();
}

std::string_view reason(simdjson::error_code error) {
  switch (error) {
    case simdjson::UNCLOSED_STRING: return "a string is not closed; end it with a double quote";
    case simdjson::STRING_ERROR: return "a string holds an unknown escape or half of a surrogate pair";
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT: return "an object or a list is not closed, or something follows its end";
    case simdjson::TAPE_ERROR: return "a comma, a colon, a key or a bracket is missing or out of place";
    case simdjson::CAPACITY: return "the document is too large";
    case simdjson::MEMALLOC: return "not enough memory for a document of this size";
    default: return simdjson::error_message(error);
  }
}

}  // namespace

// simdjson checks a number only on turning it into one, and then refuses those
// that no machine word holds; here numbers are texts.
bool is_json_number(std::string_view text) noexcept {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = digits_at(text, at);
  if (whole == 0 || (whole > 1 && text[at] == '0')) return false;
  at += whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = digits_at(text, at + 1);
    if (fraction == 0) return false;
    at += 1 + fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t exponent = digits_at(text, at);
    if (exponent == 0) return false;
    at += exponent;
  }
  return at == text.size();
}

const std::size_t JsonTree::kPadding = simdjson::SIMDJSON_PADDING;

class JsonTree::Builder {
 public:
  const Node& build(std::string_view text, std::uint32_t line) {
    begin(text, line);
    document(text);
    return nodes_.last();
  }

  std::span<const Node> build_all(std::string_view text) {
    begin(text, 1);
    all_.clear();
    keeps_texts_ = true;
    std::size_t at = 0;
    do {
      const std::size_t end = end_of_value(text, at);
      document(text.substr(at, end - at));
      all_.push_back(nodes_.last());
      nodes_.clear();
      at = text.find_first_not_of(kBlanks, end);
    } while (at != std::string_view::npos);
    return all_;
  }

 private:
  void begin(std::string_view text, std::uint32_t line) {
    text_ = text;
    first_line_ = line;
    several_lines_ = text.find('\n') != std::string_view::npos;
    may_escape_ = text.find('\\') != std::string_view::npos;
    keeps_texts_ = false;
    arena_.reset();
    nodes_.clear();
    line_ = line;
    line_start_ = cursor_ = text.data();
  }

  // One document, which is a part of text_.
  void document(std::string_view text) {
    document_ = nullptr;
    part_ = text;
    if (text.size() > parser_.capacity()) check(parser_.allocate(std::max(text.size(), parser_.capacity() * 2)));
    ondemand::document document;
    const auto error = parser_.iterate(text.data(), text.size(), text.size() + kPadding).get(document);
    if (error != simdjson::SUCCESS) fail_at_start(error);
    document_ = &document;
    root(document);
    const char* rest = nullptr;
    if (document.current_location().get(rest) == simdjson::SUCCESS) {
      fail(rest, "something follows the end of the document; remove it, or close the bracket before it");
    }
  }

  [[noreturn]] void fail(const char* at, std::string_view what) const {
    const char* end = text_.data() + text_.size();
    at = std::clamp(at, text_.data(), end);
    const std::string_view before(text_.data(), static_cast<std::size_t>(at - text_.data()));
    const std::size_t line_break = before.rfind('\n');
    const std::size_t column = line_break == std::string_view::npos ? before.size() : before.size() - line_break - 1;
    throw SyntaxFault{first_line_ + static_cast<std::uint32_t>(std::ranges::count(before, '\n')), static_cast<std::uint32_t>(column + 1),
                      std::string("not valid JSON: ").append(what)};
  }

  // Errors of the first pass come without a place.
  [[noreturn]] void fail_at_start(simdjson::error_code error) const {
    const char* start = part_.data();
    if (error == simdjson::UTF8_ERROR) {
      fail(start + model::first_invalid_utf8(part_).value_or(0), "the text is not UTF-8 here");
    }
    if (error == simdjson::UNESCAPED_CHARS) {
      fail(start + control_in_string(part_), "a control character stands in a string; write it as \\u00XX");
    }
    if (error == simdjson::EMPTY) fail(start, "the document is empty");
    fail(start + part_.size(), reason(error));
  }

  // While a document is read, simdjson knows where it stopped.
  void check(simdjson::error_code error) {
    if (error == simdjson::SUCCESS) return;
    const char* at = part_.data() + part_.size();
    if (document_ != nullptr) {
      const char* known = nullptr;
      if (document_->current_location().get(known) == simdjson::SUCCESS) at = known;
    }
    fail(at, reason(error));
  }

  Node node(Node::Kind kind, const char* at) {
    if (several_lines_) {
      const auto rest = [&] { return static_cast<std::size_t>(at - cursor_); };
      while (const void* line_break = std::memchr(cursor_, '\n', rest())) {
        cursor_ = line_start_ = static_cast<const char*>(line_break) + 1;
        ++line_;
      }
      cursor_ = at;
    }
    Node made;
    made.kind = kind;
    made.line = line_;
    made.column = static_cast<std::uint32_t>(at - line_start_ + 1);
    return made;
  }

  void root(ondemand::document& document) {
    const std::string_view token = document.raw_json_token();
    if (token.starts_with('{')) {
      ondemand::object fields;
      check(document.get_object().get(fields));
      object(fields, token.data());
    } else if (token.starts_with('[')) {
      ondemand::array items;
      check(document.get_array().get(items));
      array(items, token.data());
    } else {
      fail(token.data(), "expected an object");
    }
  }

  void value(ondemand::value value) {
    const std::string_view token = value.raw_json_token();
    switch (token.empty() ? '\0' : token.front()) {
      case '{': {
        ondemand::object fields;
        check(value.get_object().get(fields));
        object(fields, token.data());
        break;
      }
      case '[': {
        ondemand::array items;
        check(value.get_array().get(items));
        array(items, token.data());
        break;
      }
      case '"': string(value, token); break;
      default: scalar(token); break;
    }
  }

  void open(Node::Kind kind, const char* at) {
    if (nodes_.depth() == kMaxDepth) fail(at, "the document nests too deep");
    nodes_.open(node(kind, at));
  }

  void object(ondemand::object& fields, const char* at) {
    open(Node::Kind::mapping, at);
    for (auto each : fields) {
      ondemand::field field;
      check(std::move(each).get(field));
      key(field);
      value(field.value());
    }
    nodes_.close();
  }

  void array(ondemand::array& items, const char* at) {
    open(Node::Kind::list, at);
    for (auto each : items) {
      ondemand::value item;
      check(std::move(each).get(item));
      value(item);
    }
    nodes_.close();
  }

  void key(ondemand::field& field) {
    const char* start = field.key().raw();
    const char* end = part_.data() + part_.size();
    // simdjson has seen that the string ends.
    const auto* quote = static_cast<const char*>(std::memchr(start, '"', static_cast<std::size_t>(end - start)));
    std::string_view text(start, static_cast<std::size_t>(quote - start));
    const bool escaped = is_escaped(text);
    if (escaped) check_string(field.unescaped_key().get(text), start - 1);
    add_string(text, start - 1, escaped);
  }

  void string(ondemand::value& value, std::string_view token) {
    std::string_view text = token.substr(1, token.rfind('"') - 1);
    const bool escaped = is_escaped(text);
    // Taken in any case: what is left to simdjson to skip, it skips without looking ("a": "b": {} too).
    if (escaped) {
      check_string(value.get_string().get(text), token.data());
    } else {
      check(value.get_raw_json_string().error());
    }
    add_string(text, token.data(), escaped);
  }

  // Most documents have no escape at all.
  [[nodiscard]] bool is_escaped(std::string_view text) const { return may_escape_ && text.find('\\') != std::string_view::npos; }

  void check_string(simdjson::error_code error, const char* at) const {
    if (error != simdjson::SUCCESS) fail(at, reason(error));
  }

  void add_string(std::string_view text, const char* at, bool escaped) {
    if (escaped && model::first_invalid_utf8(text)) fail(at, reason(simdjson::STRING_ERROR));
    if (escaped && text.find('\0') != std::string_view::npos) fail(at, "a string holds the character U+0000");
    Node made = node(Node::Kind::scalar, at);
    made.quoted = true;
    // simdjson resolves escapes in memory that the next document takes over.
    made.text = escaped && keeps_texts_ ? arena_.copy(text) : text;
    nodes_.add(made);
  }

  void scalar(std::string_view token) {
    const std::string_view text = internal::trimmed(token);
    Node made = node(text == "null" ? Node::Kind::null : Node::Kind::scalar, token.data());
    made.text = text;
    if (text != "null" && text != "true" && text != "false" && !is_json_number(text)) {
      fail(token.data(), "expected a value here");
    }
    nodes_.add(made);
  }

  ondemand::parser parser_;
  ondemand::document* document_ = nullptr;
  model::Arena arena_;
  NodeBuilder nodes_{arena_};
  std::string_view text_;  // all of it
  std::string_view part_;  // the document that is read
  std::uint32_t first_line_ = 1;
  bool several_lines_ = false;
  bool may_escape_ = false;
  bool keeps_texts_ = false;
  std::vector<Node> all_;  // the roots of build_all()

  // Where the last node began; nodes come in the order of the text.
  const char* cursor_ = nullptr;
  const char* line_start_ = nullptr;
  std::uint32_t line_ = 1;
};

JsonTree::JsonTree() : builder_(std::make_unique<Builder>()) {}
JsonTree::~JsonTree() = default;

const Node& JsonTree::parse(std::string_view text, std::uint32_t line) { return builder_->build(text, line); }

std::span<const Node> JsonTree::parse_all(std::string_view text) { return builder_->build_all(text); }

}  // namespace almanac::source
