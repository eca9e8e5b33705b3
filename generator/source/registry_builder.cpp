#include "source/registry_builder.h"

#include <utility>

#include "model/places.h"
#include "model/quoted.h"

namespace almanac::source {

using model::Location;
using model::quoted;

RegistryBuilder::RegistryBuilder(std::string name_override, std::string revision_override)
    : interner_(*registry_.arena), name_overridden_(!name_override.empty()), revision_overridden_(!revision_override.empty()) {
  registry_.name = std::move(name_override);
  registry_.revision = std::move(revision_override);
}

std::uint32_t RegistryBuilder::add_file(std::string path) {
  registry_.files.push_back(std::move(path));
  return static_cast<std::uint32_t>(registry_.files.size() - 1);
}

void RegistryBuilder::report(const Location& location, std::string message) {
  if (problems_.size() >= most_problems_) throw TooManyProblems();
  problems_.push_back({location, std::move(message)});
}

std::string RegistryBuilder::place(const Location& location) const { return model::place(registry_.files, location); }

void RegistryBuilder::set_once(std::string& field, std::optional<Location>& first, bool overridden, std::string_view what,
                               std::string_view text, const Location& location) {
  if (overridden) return;
  if (!first) {
    field = text;
    first = location;
  } else if (field != text) {
    report(location, std::string(what) + ' ' + quoted(text) + " differs from " + model::quoted(field) + " at " + place(*first) +
                         "; give one " + std::string(what) + " for all documents");
  }
}

void RegistryBuilder::set_name(std::string_view name, const Location& location) {
  set_once(registry_.name, name_location_, name_overridden_, "registry", name, location);
}

void RegistryBuilder::set_revision(std::string_view revision, const Location& location) {
  set_once(registry_.revision, revision_location_, revision_overridden_, "revision", revision, location);
}

std::size_t RegistryBuilder::add_namespace(std::string_view name, const Location& location) {
  // Records of one namespace mostly follow each other.
  if (last_namespace_ < registry_.namespaces.size() && registry_.namespaces[last_namespace_].name == name) {
    return last_namespace_;
  }
  const auto found = namespaces_.find(name);
  if (found != namespaces_.end()) return last_namespace_ = found->second;
  model::Namespace space;
  space.name = arena().copy(name);
  space.location = location;
  last_namespace_ = registry_.namespaces.size();
  namespaces_.emplace(space.name, last_namespace_);
  registry_.namespaces.push_back(std::move(space));
  return last_namespace_;
}

void RegistryBuilder::set_parents(std::size_t index, const std::vector<std::string_view>& parents, const Location& location) {
  model::Namespace& space = registry_.namespaces[index];
  if (space.inherits_location.line != 0) {
    report(location, "namespace " + quoted(space.name) + " already states what it inherits at " + place(space.inherits_location) +
                         "; state it in one place");
    return;
  }
  space.inherits_location = location;
  for (const std::string_view parent : parents) space.inherits.push_back(interner_.text(parent));
}

void RegistryBuilder::add_service(std::size_t space, const model::Service& service) {
  registry_.namespaces[space].services.push_back(service);
  ++services_;
}

void RegistryBuilder::set_caller_rules(std::vector<model::CallerRule> rules, const Location& location) {
  if (caller_rules_location_) {
    report(location,
           "callers are already given at " + place(*caller_rules_location_) + "; their order counts, so give all of them in one place");
    return;
  }
  caller_rules_location_ = location;
  registry_.caller_rules = std::move(rules);
}

}  // namespace almanac::source
