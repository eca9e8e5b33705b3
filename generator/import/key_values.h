// Trees of keys and values, whatever they were written as: dotenv, JSON, YAML, properties.
#pragma once

#include <span>

#include "import/collector.h"
#include "import/importer.h"

namespace almanac::importing {

// Makes a service of each key, by the rule of setting.h. The keys of mappings in mappings are joined: {"a": {"b": 1}} is "a/b".
// A root that is no mapping is a problem.
void add_settings(const Node& root, Collector& collector);

// The same for the tree of a text, in which at least one key must be: an import of nothing, published, is a registry of nothing.
void add_text_settings(const Node& root, Collector& collector);

// The same for all values of an input: the `read` of formats that are nothing else.
void read_settings(const Input& input, Collector& collector);

// Whether there is a mapping, and nothing in any of `values` but mappings of keys to single values.
[[nodiscard]] bool are_flat(std::span<const Node> values) noexcept;

}  // namespace almanac::importing
