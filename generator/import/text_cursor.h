// Where a parser stands in a text: the next byte, its line and its column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "source/node.h"
#include "source/syntax_fault.h"

namespace almanac::importing {

constexpr bool is_line_break(char c) noexcept { return c == '\n' || c == '\r'; }

// Borrows its text. Lines end in LF, CR LF or a lone CR.
class TextCursor {
 public:
  explicit TextCursor(std::string_view text) noexcept : text_(text) {}

  [[nodiscard]] bool at_end() const noexcept { return at_ == text_.size(); }
  [[nodiscard]] bool at_line_end() const noexcept { return at_end() || is_line_break(text_[at_]); }
  // U+0000 at the end; so what is asked for is never that.
  [[nodiscard]] char peek() const noexcept { return at_end() ? '\0' : text_[at_]; }
  [[nodiscard]] std::size_t offset() const noexcept { return at_; }
  [[nodiscard]] std::string_view rest() const noexcept { return text_.substr(at_); }
  [[nodiscard]] std::string_view since(std::size_t offset) const noexcept { return text_.substr(offset, at_ - offset); }

  // Not at the end. A line break, CR LF too, is one step and given as LF.
  char take() noexcept {
    const char c = text_[at_++];
    if (!is_line_break(c)) return c;
    if (c == '\r' && peek() == '\n') ++at_;
    ++line_;
    line_start_ = at_;
    return '\n';
  }

  template <typename Wanted>
  void skip(Wanted&& wanted) noexcept {
    while (!at_end() && wanted(text_[at_])) take();
  }
  void skip_line() noexcept {
    skip([](char c) { return !is_line_break(c); });
    if (!at_end()) take();
  }

  // A text whose writing begins here.
  [[nodiscard]] source::Node scalar() const noexcept {
    source::Node made;
    made.kind = source::Node::Kind::scalar;
    made.quoted = true;
    made.line = line_;
    made.column = static_cast<std::uint32_t>(at_ - line_start_ + 1);
    return made;
  }

  [[nodiscard]] source::SyntaxFault fault(std::string what) const { return fault_at(scalar(), std::move(what)); }
  [[nodiscard]] static source::SyntaxFault fault_at(const source::Node& node, std::string what) {
    return {node.line, node.column, std::move(what)};
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 1;
};

}  // namespace almanac::importing
