#include "import/setting.h"

#include <algorithm>
#include <string>
#include <vector>

#include "inspect/json_text.h"
#include "model/field_rules.h"
#include "source/json_tree.h"
#include "store/ascii.h"

namespace almanac::importing {
namespace {

// The uris that a text of several says, with commas between; none when it is anything else.
std::vector<std::string_view> uris_in(std::string_view text) {
  std::vector<std::string_view> uris;
  for (bool more = text.find(',') != std::string_view::npos; more;) {
    const std::size_t comma = text.find(',');
    const std::string_view uri = internal::trimmed(text.substr(0, comma));
    if (!is_endpoint(uri)) return {};
    uris.push_back(uri);
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
  }
  return uris;
}

void add_endpoint(Record& record, const Node& uri) {
  EndpointRecord endpoint;
  endpoint.uri = uri;
  record.endpoints.push_back(std::move(endpoint));
}

// Whether the text became endpoints.
bool add_endpoints(Record& record, const Node& text) {
  const std::vector<std::string_view> uris = uris_in(text.text);
  for (const std::string_view uri : uris) add_endpoint(record, text_at(uri, text));
  if (!uris.empty()) return true;
  if (!is_endpoint(text.text)) return false;
  add_endpoint(record, text);
  return true;
}

void append_json(std::string& json, const Node& node) {
  const bool mapping = node.kind == Node::Kind::mapping;
  if (!mapping && node.kind != Node::Kind::list) {
    const bool word = node.text == "true" || node.text == "false" || source::is_json_number(node.text);
    if (node.kind == Node::Kind::null) {
      json += "null";
    } else if (!node.quoted && word) {
      json += node.text;
    } else {
      inspect::append_json_string(json, node.text);
    }
    return;
  }
  json += mapping ? '{' : '[';
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (i > 0) json += mapping && i % 2 == 1 ? ':' : ',';
    if (mapping && i % 2 == 0) {
      inspect::append_json_string(json, node.items[i].text);
    } else {
      append_json(json, node.items[i]);
    }
  }
  json += mapping ? '}' : ']';
}

}  // namespace

bool is_endpoint(std::string_view text) {
  return (text.starts_with("arn:") || text.find("://") != std::string_view::npos) && !model::uri_fault(text);
}

std::string json_of(const Node& node) {
  std::string json;
  append_json(json, node);
  return json;
}

void set_setting(Record& record, const Node& value, Collector& collector) {
  const bool values = collector.options().values;
  if (value.kind == Node::Kind::null) {
    collector.problem(value, "a value must not be null");
  } else if (value.kind == Node::Kind::scalar) {
    if (values || !add_endpoints(record, value)) record.value = value;
  } else if (!values && value.kind == Node::Kind::list && !value.items.empty() &&
             std::ranges::all_of(value.items, [](const Node& item) { return item.kind == Node::Kind::scalar && is_endpoint(item.text); })) {
    for (const Node& item : value.items) add_endpoint(record, item);
  } else {
    record.value = text_at(collector.keep(json_of(value)), value);
  }
}

}  // namespace almanac::importing
