#include "import/key_values.h"

#include <algorithm>
#include <string>

#include "import/record.h"
#include "import/setting.h"
#include "model/limits.h"
#include "source/yaml_tree.h"

namespace almanac::importing {
namespace {

bool is_flat(const Node& node) noexcept {
  if (node.kind != Node::Kind::mapping) return false;
  for (std::size_t i = 1; i < node.items.size(); i += 2) {
    if (node.items[i].kind == Node::Kind::list || node.items[i].kind == Node::Kind::mapping) return false;
  }
  return true;
}

// With a prefix to strip and a namespace to take out; what is longer would be copied for each key below it.
constexpr std::size_t kMostName = 4 * model::kMaxServiceName;

// What mappings put before the keys in them, all together. A few aliases of YAML in mappings with long keys would take it all.
constexpr std::size_t kMostPrefixes = source::kMaxAliasedBytes;

// `prefix` stands before each key and ends in "/", or is empty. `prefixes` is left of kMostPrefixes.
void add_mapping(const Node& mapping, const std::string& prefix, std::size_t& prefixes, Collector& collector) {
  for (std::size_t i = 0; i < mapping.items.size(); i += 2) {
    const Node& key = mapping.items[i];
    const Node& value = mapping.items[i + 1];
    if (prefix.size() > prefixes) {
      collector.problem(key, "the names of the mappings around keys are more than 64 MiB of text; make them shorter, or import in parts");
      throw source::TooManyProblems();
    }
    prefixes -= prefix.size();
    const std::string name = prefix + std::string(key.text);
    if (name.size() > kMostName) {
      collector.problem(key, "the name of this and the mappings around it is longer than a service's may be");
    } else if (value.kind == Node::Kind::null) {
      collector.leave_out(value, "a key without a value (null)");
    } else if (value.kind != Node::Kind::mapping) {
      Record record;
      record.name = text_at(collector.keep(name), key);
      set_setting(record, value, collector);
      collector.add(record);
    } else if (value.items.empty()) {
      collector.leave_out(value, "a mapping without a key");
    } else {
      add_mapping(value, name + '/', prefixes, collector);
    }
  }
}

}  // namespace

void add_settings(const Node& root, Collector& collector) {
  if (root.kind == Node::Kind::mapping) {
    std::size_t prefixes = kMostPrefixes;
    add_mapping(root, "", prefixes, collector);
  } else {
    collector.problem(root, "expected a mapping of keys to values, got " + std::string(source::kind_name(root)));
  }
}

void add_text_settings(const Node& root, Collector& collector) {
  if (root.items.empty()) collector.problem(root, "there is no key in it");
  add_settings(root, collector);
}

void read_settings(const Input& input, Collector& collector) {
  for (const Node& value : input.values) add_settings(value, collector);
}

bool are_flat(std::span<const Node> values) noexcept { return !values.empty() && std::ranges::all_of(values, is_flat); }

}  // namespace almanac::importing
