// Trees of nodes written back as text, to be compared.
#pragma once

#include <string>

#include "source/node.h"

namespace almanac::source {

// With the place of each scalar, quoted ones in quotes: {'k'@1:2=v@1:6 'l'@2:1=[1@2:5]}.
[[nodiscard]] inline std::string shown(const Node& node) {
  const std::string place = '@' + std::to_string(node.line) + ':' + std::to_string(node.column);
  switch (node.kind) {
    case Node::Kind::null: return "null" + place;
    case Node::Kind::scalar: return (node.quoted ? '\'' + std::string(node.text) + '\'' : std::string(node.text)) + place;
    case Node::Kind::list:
    case Node::Kind::mapping: break;
  }
  const bool list = node.kind == Node::Kind::list;
  std::string all(1, list ? '[' : '{');
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (i > 0) all += !list && i % 2 == 1 ? '=' : ' ';
    all += shown(node.items[i]);
  }
  return all + (list ? ']' : '}');
}

}  // namespace almanac::source
