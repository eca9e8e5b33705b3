// Takes the nodes of a document for what they should be, and reports where they are not.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "model/field_rules.h"
#include "model/registry.h"
#include "source/node.h"
#include "source/registry_builder.h"

namespace almanac::source {

// The record a message is about: `service "users": `, or without a name `caller rule 3: `. Without a kind, messages stand alone.
struct Subject {
  std::string_view kind;
  std::optional<std::string_view> name;
};

using Rule = model::Fault (*)(std::string_view);

class FieldReader {
 public:
  // `file` is an index of RegistryBuilder::add_file.
  FieldReader(RegistryBuilder& builder, std::uint32_t file) : builder_(builder), file_(file) {}

  void problem(const Node& at, const Subject& subject, std::string_view what);
  [[nodiscard]] model::Location location(const Node& at) const noexcept { return {file_, at.line, at.column}; }

  // Whether `node` is of this kind; if not, `expected` ("tags must be a list") is reported.
  [[nodiscard]] bool expect(const Node& node, Node::Kind kind, const Subject& subject, std::string_view expected);

  // Sorts the values of a mapping into `values`, one place for each name in `known`, null where a
  // field is absent. Unknown and repeated fields are reported.
  void collect(const Node& mapping, std::span<const std::string_view> known, std::span<const Node*> values, const Subject& subject);

  // The text of a scalar; empty when there is none (which is reported) or `node` is null. A text that
  // breaks the rule is reported too, and returned.
  [[nodiscard]] std::string_view text(const Node* node, std::string_view field, Rule rule, const Subject& subject);

  // The value that a scalar writes, as `parse` reads it; nothing when there is none, which is reported unless `node` is null.
  // `form` is how it must be.
  template <typename Parse>
  [[nodiscard]] auto parsed(const Node* node, std::string_view field, Parse&& parse, std::string_view form, const Subject& subject)
      -> decltype(parse(std::string_view())) {
    if (node == nullptr) return std::nullopt;
    auto value = node->kind == Node::Kind::scalar ? parse(node->text) : std::nullopt;
    if (!value) wrong_form(*node, field, form, subject);
    return value;
  }

  // Reports what is wrong with the name that a mapping gives to a record.
  void check_name(const Node& key, Rule rule);

 private:
  void wrong_form(const Node& node, std::string_view field, std::string_view form, const Subject& subject);
  void unknown_field(const Node& key, std::span<const std::string_view> known, const Subject& subject);

  RegistryBuilder& builder_;
  std::uint32_t file_;
};

// A place in the same file, within a message.
[[nodiscard]] std::string place_of(const Node& node);

}  // namespace almanac::source
