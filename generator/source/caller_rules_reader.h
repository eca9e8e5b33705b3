// The rules about callers of a document, from nodes to the model.
#pragma once

#include <cstddef>
#include <string>

#include "model/caller_rule.h"
#include "source/field_reader.h"
#include "source/node.h"
#include "source/registry_builder.h"

namespace almanac::source {

class CallerRulesReader {
 public:
  // Stores what it reads with `builder`; reports through `fields`. Both outlive it.
  CallerRulesReader(RegistryBuilder& builder, FieldReader& fields) : builder_(builder), fields_(fields) {}

  void read(const Node& list);

 private:
  [[nodiscard]] Subject subject() const noexcept { return {subject_, {}}; }

  model::CallerRule rule(const Node& node);
  void conditions(const Node& mapping, model::CallerRule& rule);
  internal::Condition condition(const Node& property, const Node& patterns);
  void rollouts(const Node& node, model::CallerRule& rule);

  RegistryBuilder& builder_;
  FieldReader& fields_;
  std::string subject_;  // the rule being read: "caller rule 3"
};

}  // namespace almanac::source
