#include "source/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <optional>
#include <streambuf>
#include <utility>
#include <vector>

#include "inspect/terminal_text.h"
#include "model/encoding.h"
#include "model/quoted.h"
#include "source/node_builder.h"

namespace almanac::source {
namespace {

// What YAML allows and registry documents do not.
struct Refusal {
  YAML::Mark mark;
  std::string what;
};

Node node(Node::Kind kind, const YAML::Mark& mark) {
  Node made;
  made.kind = kind;
  made.line = static_cast<std::uint32_t>(mark.line + 1);
  made.column = static_cast<std::uint32_t>(mark.column + 1);
  return made;
}

// Turns yaml-cpp's events into one tree a document.
class TreeHandler : public YAML::EventHandler {
 public:
  TreeHandler(model::Arena& arena, const std::function<void(const Node&)>& take) : arena_(arena), take_(take) {}

  [[nodiscard]] bool any() const noexcept { return any_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    // At a token that begins nothing, a comma say, yaml-cpp 0.7 sees one empty document after another.
    if (any_ && mark.pos == start_) throw Refusal{mark, "not valid YAML: no document can begin here"};
    any_ = true;
    start_ = mark.pos;
    nodes_.clear();
    anchors_.clear();
    open_.clear();
  }

  void OnDocumentEnd() override { take_(nodes_.last()); }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node made = node(Node::Kind::null, mark);
    // Where nothing is written the mark is that of what follows, some lines below perhaps.
    if (nodes_.expects_value() && nodes_.last().line < made.line) {
      made.line = nodes_.last().line;
      made.column = nodes_.last().column;
    }
    add(made, mark, anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
    check_tag(mark, tag);
    Node made = node(Node::Kind::scalar, mark);
    made.quoted = tag != "?";
    made.text = arena_.copy(value);
    if (value.find('\0') != std::string::npos) throw Refusal{mark, "a text holds the character U+0000"};
    if (!made.quoted && value == "<<" && nodes_.expects_key()) {
      throw Refusal{mark, "merge keys (<<) are not supported; write the fields out, or let the namespace inherit"};
    }
    add(made, mark, anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(Node::Kind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value /*style*/) override {
    open(Node::Kind::mapping, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (anchor >= anchors_.size() || !anchors_[anchor]) throw Refusal{mark, "an alias stands inside what it refers to"};
    const Anchored& target = *anchors_[anchor];
    if (target.size.values > kMaxAliased - aliased_.values) {
      throw Refusal{mark, "aliases stand for more than " + std::to_string(kMaxAliased) + " values; write fewer"};
    }
    if (target.size.bytes > kMaxAliasedBytes - aliased_.bytes) {
      throw Refusal{mark, "aliases stand for more than 64 MiB of text; write fewer"};
    }
    aliased_.add(target.size);
    // Problems inside are told at the place of the anchor, those of the whole at the alias.
    Node made = node(target.node.kind, mark);
    made.quoted = target.node.quoted;
    made.text = target.node.text;
    made.items = target.node.items;
    add_checked(made, mark);
    count_.add(target.size);
  }

 private:
  // With what aliases stand for.
  struct Size {
    std::size_t values = 0;
    std::size_t bytes = 0;  // of texts

    void add(const Size& other) noexcept {
      values += other.values;
      bytes += other.bytes;
    }
  };
  struct Anchored {
    Node node;
    Size size;
  };
  struct Open {
    YAML::anchor_t anchor;
    Size count;  // count_ at its start
  };

  static void check_tag(const YAML::Mark& mark, const std::string& tag) {
    // yaml-cpp says "?" for a plain scalar and "!" for a quoted one, and nothing for plain collections.
    const bool usual = tag.empty() || tag == "?" || tag == "!" || tag == "tag:yaml.org,2002:str";
    if (!usual) throw Refusal{mark, "the tag " + model::quoted(tag) + " is not supported; remove it"};
  }

  // yaml-cpp also takes a bracket that is never closed for the start of a key.
  [[noreturn]] static void refuse_key(const Node& key, const YAML::Mark& mark) {
    throw Refusal{mark, "a key must be a text, got " + std::string(kind_name(key)) + "; or a bracket is not closed"};
  }

  void add_checked(const Node& made, const YAML::Mark& mark) {
    if (nodes_.expects_key() && made.kind != Node::Kind::scalar) {
      refuse_key(made, mark);
    }
    nodes_.add(made);
  }

  void add(const Node& made, const YAML::Mark& mark, YAML::anchor_t anchor) {
    add_checked(made, mark);
    const Size size = {1, made.text.size()};
    count_.add(size);
    remember(anchor, made, size);
  }

  void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    check_tag(mark, tag);
    const Node made = node(kind, mark);
    if (nodes_.expects_key()) refuse_key(made, mark);
    if (nodes_.depth() == kMaxDepth) throw Refusal{mark, "the document nests too deep"};
    open_.push_back({anchor, count_});
    ++count_.values;
    nodes_.open(made);
  }

  void close() {
    const Open opened = open_.back();
    open_.pop_back();
    remember(opened.anchor, nodes_.close(), {count_.values - opened.count.values, count_.bytes - opened.count.bytes});
  }

  // yaml-cpp numbers the anchors of a document from 1; 0 is none.
  void remember(YAML::anchor_t anchor, const Node& made, const Size& size) {
    if (anchor == 0) return;
    if (anchors_.size() <= anchor) anchors_.resize(anchor + 1);
    anchors_[anchor] = Anchored{made, size};
  }

  model::Arena& arena_;
  const std::function<void(const Node&)>& take_;
  NodeBuilder nodes_{arena_};
  std::vector<std::optional<Anchored>> anchors_;
  std::vector<Open> open_;
  Size count_;    // so far, those of aliases included
  Size aliased_;  // of them, those of aliases
  bool any_ = false;
  int start_ = 0;  // of this document, in bytes
};

// Reads from a text without copying it, as std::istringstream would.
class TextBuffer : public std::streambuf {
 public:
  // The stream only reads, but its interface wants pointers to what may change.
  explicit TextBuffer(std::string& text, std::size_t from) { setg(text.data() + from, text.data() + from, text.data() + text.size()); }
};

// YAML allows no control characters but tab and line breaks (YAML 1.2.2, section 5.1), and yaml-cpp
// would take some for the end of the file.
bool is_forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f;
}

// Throws SyntaxFault at the first byte that may not stand in YAML.
void check_bytes(std::string_view text) {
  const auto forbidden = std::ranges::find_if(text, is_forbidden);
  const auto control = static_cast<std::size_t>(forbidden - text.begin());
  const std::size_t invalid = model::first_invalid_utf8(text).value_or(text.size());
  const std::size_t at = std::min(control, invalid);
  if (at == text.size()) return;
  const std::string_view before = text.substr(0, at);
  const std::size_t line_break = before.rfind('\n');
  const std::size_t column = line_break == std::string_view::npos ? at : at - line_break - 1;
  throw SyntaxFault{static_cast<std::uint32_t>(std::ranges::count(before, '\n') + 1), static_cast<std::uint32_t>(column + 1),
                    invalid < control ? "not valid YAML: the text is not UTF-8 here"
                                      : "not valid YAML: a control character; in double quotes write it as \\xXX"};
}

SyntaxFault fault_at(const YAML::Mark& mark, std::string what) {
  // A mark may be missing: then the file as a whole is meant.
  const int line = std::max(mark.line, 0);
  const int column = std::max(mark.column, 0);
  return {static_cast<std::uint32_t>(line + 1), static_cast<std::uint32_t>(column + 1), std::move(what)};
}

}  // namespace

void parse_yaml(std::string bytes, std::size_t start, model::Arena& arena, const std::function<void(const Node&)>& take) {
  check_bytes(std::string_view(bytes).substr(start));
  // A quoted text that is never closed passes for a closed one when the file ends in a line break
  // (yaml-cpp 0.7); at the end of a document it does not.
  if (bytes.ends_with('\n')) bytes += "...\n";
  TextBuffer buffer(bytes, start);
  std::istream stream(&buffer);
  TreeHandler handler(arena, take);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(handler)) {
    }
  } catch (const Refusal& refusal) {
    throw fault_at(refusal.mark, refusal.what);
  } catch (const YAML::Exception& error) {
    throw fault_at(error.mark, "not valid YAML: " + inspect::visible(error.msg));
  }
  if (!handler.any()) take(node(Node::Kind::null, YAML::Mark()));
}

}  // namespace almanac::source
