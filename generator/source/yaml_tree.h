// YAML, from text to trees of nodes: any number of documents.
//
// Of YAML 1.2 these are refused, each by name: merge keys (<<), tags other than !!str, keys that are
// not scalars, and aliases that make a small file stand for a huge one.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "model/arena.h"
#include "source/node.h"
#include "source/syntax_fault.h"

namespace almanac::source {

// What aliases may add to a file: so many values, and so many bytes of their texts.
inline constexpr std::size_t kMaxAliased = 1'000'000;
inline constexpr std::size_t kMaxAliasedBytes = std::size_t{64} << 20U;

// Gives `take` the root of each document in turn; of a text without any, nothing (null). What it is given lives in `arena`, borrows
// from nothing else, and may be reset away by `take`. Documents begin at bytes[start].
// Throws SyntaxFault at the first mistake, when the documents before it have been taken, and what `take` throws.
void parse_yaml(std::string bytes, std::size_t start, model::Arena& arena, const std::function<void(const Node&)>& take);

}  // namespace almanac::source
