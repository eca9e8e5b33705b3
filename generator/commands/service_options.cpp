#include "commands/service_options.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <set>
#include <stdexcept>
#include <string_view>

#include "model/quoted.h"
#include "source/interpreter.h"
#include "source/node_builder.h"

namespace almanac::commands {
namespace {

using source::Node;

// The tree that a parser would make of a document with this service.
class ServiceTree {
 public:
  const Node& build(const ServiceOptions& options) {
    open(Node::Kind::mapping);
    field("namespace", options.namespace_name);
    field("name", options.name);
    field_if_given("description", options.description);
    field_if_given("value", options.value);
    tags(options.tags);
    attributes(options.attributes);
    if (!options.uris.empty()) endpoints(options);
    return nodes_.close();
  }

 private:
  static Node node(Node::Kind kind) {
    Node made;
    made.kind = kind;
    made.line = 1;
    made.column = 1;
    return made;
  }

  void open(Node::Kind kind) { nodes_.open(node(kind)); }

  void text(std::string_view text, bool is_quoted = true) {
    Node scalar = node(Node::Kind::scalar);
    scalar.text = text;
    scalar.quoted = is_quoted;
    nodes_.add(scalar);
  }

  // Nodes borrow: `value` is the option's own.
  void field(std::string_view key, const std::string& value, bool is_quoted = true) {
    text(key);
    text(value, is_quoted);
  }
  void field_if_given(std::string_view key, const std::optional<std::string>& value, bool is_quoted = true) {
    if (value) field(key, *value, is_quoted);
  }

  void tags(const std::vector<std::string>& all) {
    if (all.empty()) return;
    text("tags");
    open(Node::Kind::list);
    for (const std::string& tag : all) {
      expect_once("--tag", tag);
      text(tag);
    }
    nodes_.close();
  }

  void attributes(const std::vector<std::string>& all) {
    if (all.empty()) return;
    text("attributes");
    open(Node::Kind::mapping);
    for (const std::string_view attribute : all) {
      const std::size_t equals = attribute.find('=');
      if (equals == std::string_view::npos) throw std::invalid_argument("--attribute: must be KEY=VALUE, got " + model::quoted(attribute));
      expect_once("--attribute", attribute.substr(0, equals));
      text(attribute.substr(0, equals));
      text(attribute.substr(equals + 1));
    }
    nodes_.close();
  }

  void endpoints(const ServiceOptions& options) {
    text("endpoints");
    open(Node::Kind::list);
    for (const std::string& uri : options.uris) {
      open(Node::Kind::mapping);
      field("uri", uri);
      field_if_given("version", options.version);
      field_if_given("weight", options.weight, false);
      field_if_given("zone", options.zone);
      nodes_.close();
    }
    nodes_.close();
  }

  // A document's message would name the places of both.
  void expect_once(std::string_view option, std::string_view key) {
    if (!seen_.emplace(option, key).second)
      throw std::invalid_argument(std::string(option) + ": " + model::quoted(key) + " is given twice; give it once");
  }

  model::Arena arena_;
  source::NodeBuilder nodes_{arena_};
  std::set<std::pair<std::string_view, std::string_view>> seen_;
};

}  // namespace

void add_service_options(CLI::App& command, ServiceOptions& options) {
  CLI::Option* name = command.add_option("NAME", options.name, "The service");
  CLI::Option* space = command.add_option("-n,--namespace", options.namespace_name, "Its namespace");
  space->type_name("NAMESPACE")->needs(name);
  name->needs(space);
  const auto add = [&](const char* option, auto& value, const char* what, const char* type) {
    return command.add_option(option, value, what)->type_name(type)->allow_extra_args(false)->needs(name);
  };
  CLI::Option* uris = add("--uri", options.uris, "An endpoint; may be repeated", "URI");
  add("--version", options.version, "Of the endpoints, as in 2.1.0", "VERSION")->needs(uris);
  add("--weight", options.weight, "Of each endpoint, 0 to 65535; 1 when not given", "N")->needs(uris);
  add("--zone", options.zone, "Of the endpoints", "ZONE")->needs(uris);
  add("--value", options.value, "A plain value, beside endpoints or instead of them", "TEXT");
  add("--tag", options.tags, "May be repeated", "TAG");
  add("--attribute", options.attributes, "May be repeated", "KEY=VALUE");
  add("--description", options.description, "For people", "TEXT");
}

DescribedService describe_service(const ServiceOptions& options) {
  ServiceTree tree;
  source::RegistryBuilder builder;
  source::Interpreter(builder, builder.add_file({})).record(tree.build(options));
  model::Problems problems = builder.take_problems();
  return {builder.take_registry(), std::move(problems)};
}

}  // namespace almanac::commands
