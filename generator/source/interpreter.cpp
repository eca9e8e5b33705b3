#include "source/interpreter.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/limits.h"
#include "model/quoted.h"

namespace almanac::source {
namespace {

using Kind = Node::Kind;

enum DocumentField : std::size_t { kRegistry, kRevision, kNamespaces, kCallers, kDocumentFields };
constexpr std::array<std::string_view, kDocumentFields> kDocumentNames = {"registry", "revision", "namespaces", "callers"};

enum NamespaceField : std::size_t { kInherits, kServices, kNamespaceFields };
constexpr std::array<std::string_view, kNamespaceFields> kNamespaceNames = {"inherits", "services"};

// A line of JSON Lines has the fields of a service first, then those of its own.
enum RecordField : std::size_t {
  kRecordNamespace = kServiceFields,
  kRecordName,
  kRecordInherits,
  kRecordRegistry,
  kRecordRevision,
  kRecordCallers,
  kRecordFields
};

constexpr std::array<std::string_view, kRecordFields> record_names() {
  std::array<std::string_view, kRecordFields> names = {};
  std::ranges::copy(kServiceNames, names.begin());
  names[kRecordNamespace] = "namespace";
  names[kRecordName] = "name";
  names[kRecordInherits] = "inherits";
  names[kRecordRegistry] = "registry";
  names[kRecordRevision] = "revision";
  names[kRecordCallers] = "callers";
  return names;
}
constexpr auto kRecordNames = record_names();

}  // namespace

void Interpreter::report(std::uint32_t line, std::uint32_t column, std::string message) {
  builder_.report({file_, line, column}, std::move(message));
}

void Interpreter::document(const Node& root) {
  if (root.kind == Kind::null) {
    fields_.problem(root, {}, "the document is empty; give it namespaces, or remove it");
    return;
  }
  if (!fields_.expect(root, Kind::mapping, {}, "a registry document must be a mapping with registry, revision, namespaces or callers")) {
    return;
  }
  std::array<const Node*, kDocumentFields> values = {};
  fields_.collect(root, kDocumentNames, values, {});
  set_registry(values[kRegistry], values[kRevision]);
  if (values[kNamespaces] != nullptr) namespaces(*values[kNamespaces]);
  if (values[kCallers] != nullptr) caller_rules_.read(*values[kCallers]);
}

void Interpreter::set_registry(const Node* name, const Node* revision) {
  const auto name_text = fields_.text(name, "registry", model::registry_name_fault, {});
  if (!name_text.empty()) builder_.set_name(name_text, fields_.location(*name));
  const auto revision_text = fields_.text(revision, "revision", model::revision_fault, {});
  if (!revision_text.empty()) builder_.set_revision(revision_text, fields_.location(*revision));
}

void Interpreter::namespaces(const Node& mapping) {
  if (!fields_.expect(mapping, Kind::mapping, {}, "namespaces must be a mapping of names to namespaces")) return;
  std::unordered_map<std::string_view, const Node*> seen;
  for (std::size_t i = 0; i < mapping.items.size(); i += 2) {
    const Node& key = mapping.items[i];
    const auto [first, fresh] = seen.emplace(key.text, &key);
    if (fresh) {
      name_space(key, mapping.items[i + 1]);
    } else {
      fields_.problem(key, {"namespace", key.text}, "is given twice, first at " + place_of(*first->second) + "; put its services together");
    }
  }
}

void Interpreter::name_space(const Node& key, const Node& body) {
  fields_.check_name(key, model::namespace_name_fault);
  const Subject subject = {"namespace", key.text};
  const std::size_t space = builder_.add_namespace(key.text, fields_.location(key));
  if (!fields_.expect(body, Kind::mapping, subject, "must be a mapping with services or inherits ({} when it has neither)")) {
    return;
  }
  std::array<const Node*, kNamespaceFields> values = {};
  fields_.collect(body, kNamespaceNames, values, subject);
  if (values[kInherits] != nullptr) parents(space, *values[kInherits], subject);
  const Node* all = values[kServices];
  if (all == nullptr ||
      !fields_.expect(*all, Kind::mapping, subject, "services must be a mapping of names to services ({} when there are none)")) {
    return;
  }
  for (std::size_t i = 0; i < all->items.size(); i += 2) service(space, all->items[i], all->items[i + 1]);
}

void Interpreter::parents(std::size_t space, const Node& inherits, const Subject& subject) {
  const bool one = inherits.kind == Kind::scalar;
  if (!one && !fields_.expect(inherits, Kind::list, subject, "inherits must be the name of a namespace or a list of such names")) {
    return;
  }
  const auto names = one ? std::span(&inherits, 1) : inherits.items;
  if (names.size() > model::kMaxParents) {
    fields_.problem(
        inherits, subject,
        "inherits must name at most " + std::to_string(model::kMaxParents) + " namespaces, got " + std::to_string(names.size()));
    return;
  }
  std::vector<std::string_view> parents;
  for (const Node& name : names) {
    const auto parent = fields_.text(&name, "a name in inherits", model::namespace_name_fault, subject);
    if (!parent.empty()) parents.push_back(parent);
  }
  builder_.set_parents(space, parents, fields_.location(inherits));
}

void Interpreter::service(std::size_t space, const Node& key, const Node& body) {
  fields_.check_name(key, model::service_name_fault);
  model::Service service;
  service.location = fields_.location(key);
  service.name = builder_.arena().copy(key.text);
  const Subject subject = {"service", key.text};
  if (body.kind == Kind::scalar) {
    services_.read_short(body, service);
  } else if (fields_.expect(body, Kind::mapping, subject, "must be a uri or a mapping with endpoints or a value")) {
    std::array<const Node*, kServiceFields> values = {};
    fields_.collect(body, kServiceNames, values, subject);
    services_.read(values, key, service);
  }
  builder_.add_service(space, service);
}

void Interpreter::record(const Node& root) {
  if (!fields_.expect(root, Kind::mapping, {}, "a line must be an object with a namespace and a name")) return;
  std::array<const Node*, kRecordFields> values = {};
  fields_.collect(root, kRecordNames, values, {});
  const auto given = [&values](std::size_t field) { return values[field] != nullptr; };
  const bool service =
      given(kRecordName) || given(kDescription) || given(kValue) || given(kTags) || given(kAttributes) || given(kEndpoints);
  const bool registry = given(kRecordRegistry) || given(kRecordRevision);
  if (given(kRecordCallers)) {
    if (service || registry || given(kRecordNamespace) || given(kRecordInherits)) {
      fields_.problem(root, {}, "a line with callers has nothing else; give it a line of its own");
    }
    caller_rules_.read(*values[kRecordCallers]);
  } else if (service) {
    if (registry || given(kRecordInherits)) {
      fields_.problem(root, {}, "a service has no registry, revision or inherits; give them a line of their own");
    }
    service_record(root, values);
  } else if (registry) {
    if (given(kRecordNamespace) || given(kRecordInherits)) {
      fields_.problem(root, {}, "a line with registry or revision has no namespace; give it a line of its own");
    }
    set_registry(values[kRecordRegistry], values[kRecordRevision]);
  } else if (given(kRecordNamespace)) {
    const auto name = fields_.text(values[kRecordNamespace], "namespace", model::namespace_name_fault, {});
    if (name.empty()) return;
    const std::size_t space = builder_.add_namespace(name, fields_.location(root));
    if (given(kRecordInherits)) parents(space, *values[kRecordInherits], {"namespace", name});
  } else {
    fields_.problem(root, {}, "a line needs a namespace, and a name when it is a service");
  }
}

void Interpreter::service_record(const Node& root, Values values) {
  const auto needed = [&](RecordField field, Rule rule) {
    if (values[field] == nullptr) {
      fields_.problem(root, {}, std::string("a service needs a ").append(kRecordNames[field]));
    }
    return fields_.text(values[field], kRecordNames[field], rule, {});
  };
  const auto space = needed(kRecordNamespace, model::namespace_name_fault);
  const auto name = needed(kRecordName, model::service_name_fault);
  model::Service service;
  service.location = fields_.location(root);
  service.name = builder_.arena().copy(name);
  services_.read(values.first<kServiceFields>(), root, service);
  if (!space.empty() && !name.empty()) builder_.add_service(builder_.add_namespace(space, service.location), service);
}

}  // namespace almanac::source
