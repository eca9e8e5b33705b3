#include "source/field_reader.h"

#include <algorithm>
#include <utility>

#include "inspect/near_names.h"
#include "model/quoted.h"

namespace almanac::source {

using model::quoted;

namespace {

std::string joined(std::span<const std::string_view> names) {
  std::string all;
  for (const std::string_view name : names) all.append(all.empty() ? "" : ", ").append(name);
  return all;
}

}  // namespace

std::string_view kind_name(const Node& node) noexcept {
  switch (node.kind) {
    case Node::Kind::null: return "nothing (null)";
    case Node::Kind::scalar: return "a text";
    case Node::Kind::list: return "a list";
    case Node::Kind::mapping: return "a mapping";
  }
  return "something else";
}

std::string place_of(const Node& node) { return "line " + std::to_string(node.line) + ", column " + std::to_string(node.column); }

void FieldReader::problem(const Node& at, const Subject& subject, std::string_view what) {
  std::string message;
  if (!subject.kind.empty()) {
    message = subject.kind;
    if (subject.name) message.append(" ").append(quoted(*subject.name));
    message += ": ";
  }
  builder_.report(location(at), message.append(what));
}

bool FieldReader::expect(const Node& node, Node::Kind kind, const Subject& subject, std::string_view expected) {
  if (node.kind == kind) return true;
  problem(node, subject, std::string(expected).append(", got ").append(kind_name(node)));
  return false;
}

void FieldReader::collect(const Node& mapping, std::span<const std::string_view> known, std::span<const Node*> values,
                          const Subject& subject) {
  for (std::size_t i = 0; i < mapping.items.size(); i += 2) {
    const Node& key = mapping.items[i];
    const auto found = std::ranges::find(known, key.text);
    if (found == known.end()) {
      unknown_field(key, known, subject);
      continue;
    }
    const Node*& value = values[static_cast<std::size_t>(found - known.begin())];
    if (value == nullptr) {
      value = &mapping.items[i + 1];
    } else {
      problem(key, subject, std::string(key.text) + " is given twice, first at " + place_of(*value) + "; give it once");
    }
  }
}

void FieldReader::unknown_field(const Node& key, std::span<const std::string_view> known, const Subject& subject) {
  const auto near = inspect::nearest(key.text, known, 1);
  const std::string advice = near.empty() ? "; known fields: " + joined(known) : "; did you mean " + quoted(near.front()) + '?';
  problem(key, subject, "unknown field " + quoted(key.text) + advice);
}

std::string_view FieldReader::text(const Node* node, std::string_view field, Rule rule, const Subject& subject) {
  if (node == nullptr) return {};
  if (node->kind != Node::Kind::scalar) {
    problem(*node, subject, std::string(field).append(" must be a text, got ").append(kind_name(*node)));
    return {};
  }
  if (const auto fault = rule(node->text)) problem(*node, subject, *fault);
  return node->text;
}

void FieldReader::wrong_form(const Node& node, std::string_view field, std::string_view form, const Subject& subject) {
  const std::string got = node.kind == Node::Kind::scalar ? quoted(node.text) : std::string(kind_name(node));
  problem(node, subject, std::string(field).append(" must be ").append(form).append(", got ").append(got));
}

void FieldReader::check_name(const Node& key, Rule rule) {
  if (const auto fault = rule(key.text)) problem(key, {}, *fault);
}

}  // namespace almanac::source
