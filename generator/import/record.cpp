#include "import/record.h"

#include <algorithm>

#include "model/field_rules.h"
#include "model/limits.h"

namespace almanac::importing {

Node text_at(std::string_view text, const Node& at) {
  Node made = at;
  made.kind = Node::Kind::scalar;
  made.quoted = true;
  made.text = text;
  made.items = {};
  return made;
}

void add_tag(std::vector<Node>& tags, const Node& tag) {
  // More than there may be are refused anyway.
  const bool too_many = tags.size() > model::kMaxTags;
  if (too_many || std::ranges::find(tags, tag.text, &Node::text) == tags.end()) tags.push_back(tag);
}

void add_label(EndpointRecord& endpoint, const Node& key, const Node& value) {
  if (key.text == "version" && value.kind == Node::Kind::scalar && !model::version_fault(value.text)) {
    endpoint.version = value;
  } else {
    endpoint.attributes.emplace_back(key, value);
  }
}

}  // namespace almanac::importing
