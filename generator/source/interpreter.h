// What documents mean: from trees of nodes to records of the model. YAML, JSON and JSON Lines all
// end here, so that they cannot differ.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "source/caller_rules_reader.h"
#include "source/field_reader.h"
#include "source/node.h"
#include "source/registry_builder.h"
#include "source/service_reader.h"

namespace almanac::source {

// Interprets one file. Everything wrong becomes a problem of the builder, and the rest is still
// read. Nodes may go once a call has returned: what stays is copied.
class Interpreter {
 public:
  // `file` is an index of RegistryBuilder::add_file.
  Interpreter(RegistryBuilder& builder, std::uint32_t file)
      : builder_(builder), file_(file), fields_(builder, file), services_(builder, fields_), caller_rules_(builder, fields_) {}
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  // A registry document: registry, revision, namespaces, callers.
  void document(const Node& root);

  // A line of JSON Lines: a service with its namespace, a namespace alone, the registry's name, or the rules about callers.
  void record(const Node& root);

  // For what keeps a document from becoming a tree.
  void report(std::uint32_t line, std::uint32_t column, std::string message);

 private:
  using Values = std::span<const Node* const>;

  void set_registry(const Node* name, const Node* revision);
  void namespaces(const Node& mapping);
  void name_space(const Node& key, const Node& body);
  void parents(std::size_t space, const Node& inherits, const Subject& subject);
  void service(std::size_t space, const Node& key, const Node& body);
  void service_record(const Node& root, Values values);

  RegistryBuilder& builder_;
  std::uint32_t file_;
  FieldReader fields_;
  ServiceReader services_;
  CallerRulesReader caller_rules_;
};

}  // namespace almanac::source
