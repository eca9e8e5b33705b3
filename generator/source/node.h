// One value of a document, whatever language the document is written in.
//
// A tree of nodes lives in the arena of whoever built it, until that is reset; texts may also
// borrow from the buffer the document was read into.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace almanac::source {

struct Node {
  enum class Kind : std::uint8_t { null, scalar, list, mapping };

  Kind kind = Kind::null;
  bool quoted = false;          // a scalar that is a text by its writing, not a number or a bare word
  std::uint32_t line = 0;       // from 1
  std::uint32_t column = 0;     // from 1, in bytes
  std::string_view text;        // of a scalar: as it was written, escapes resolved
  std::span<const Node> items;  // of a list; of a mapping: key, value, key, value, …; keys are scalars
};

// How a message names the kind of a node: "a list", "nothing (null)".
[[nodiscard]] std::string_view kind_name(const Node& node) noexcept;

// Deeper documents are refused: a registry needs no more than six levels.
inline constexpr int kMaxDepth = 64;

}  // namespace almanac::source
