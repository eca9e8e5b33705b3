// Terraform: `terraform output -json`, and the outputs of a state file of version 4.
// https://developer.hashicorp.com/terraform/cli/commands/output and https://developer.hashicorp.com/terraform/language/state
#include <algorithm>
#include <string>

#include "import/collector.h"
#include "import/fields.h"
#include "import/formats.h"
#include "import/setting.h"
#include "model/quoted.h"

namespace almanac::importing {
namespace {

using Kind = Node::Kind;

bool is_mark(const Node* node) {
  return node != nullptr && node->kind == Kind::scalar && !node->quoted && (node->text == "true" || node->text == "false");
}

// Other settings are mappings with a value and a type too; the mark is Terraform's.
bool is_output(const Node& node) {
  return node.items.size() == 6 && member(node, "value") != nullptr && member(node, "type") != nullptr &&
         is_mark(member(node, "sensitive"));
}

// Of the values of a mapping.
template <typename Is>
bool all_values(const Node& node, Is is) {
  for (std::size_t i = 1; i < node.items.size(); i += 2) {
    if (!is(node.items[i])) return false;
  }
  return node.kind == Kind::mapping;
}

bool are_outputs(const Node& node) { return all_values(node, is_output); }

bool is_state(const Node& node) { return has_text(node, "version") && has_text(node, "lineage") && has_mapping(node, "outputs"); }

bool fits_terraform(const Input& input) {
  return !input.values.empty() &&
         std::ranges::all_of(input.values, [](const Node& value) { return is_state(value) || are_outputs(value); });
}

// In whatever else it stands.
bool holds_sensitive(const Input& input) {
  return std::ranges::any_of(input.values, [](const Node& value) {
    const Node& outputs = is_state(value) ? *member(value, "outputs") : value;
    if (outputs.kind != Kind::mapping) return false;
    return !all_values(outputs, [](const Node& output) {
      const Node* mark = member(output, "sensitive");
      return member(output, "value") == nullptr || mark == nullptr || mark->text == "false";
    });
  });
}

void read_terraform_output(const Node& name, const Node& node, const std::string& path, Collector& collector) {
  Fields output(node, path, collector);
  if (output.is_true("sensitive")) return collector.refuse_secret(name, name.text, "it is marked sensitive");
  (void)output.find("type");  // says again what the value shows
  const Node* value = output.find("value");
  output.rest();
  if (node.kind != Kind::mapping) return;
  if (value == nullptr) return collector.leave_out(name, "an output without a value (null)");
  Record record;
  record.name = name;
  set_setting(record, *value, collector);
  collector.add(record);
}

void read_state(const Node& node, Collector& collector) {
  Fields state(node, "", collector);
  const Node* version = state.required("version");
  if (version != nullptr && version->text != "4") {
    collector.problem(*version, "a state file must be of version 4, got " + model::quoted(version->text) +
                                    "; let terraform write it anew, or import what `terraform output -json` prints");
    return;
  }
  state.for_each_pair("outputs",
                      [&](const Node& name, const Node& output) { read_terraform_output(name, output, "outputs.*", collector); });
  state.rest();
}

void read_terraform(const Input& input, Collector& collector) {
  for (const Node& value : input.values) {
    if (is_state(value)) {
      read_state(value, collector);
    } else if (value.kind == Kind::mapping) {
      for (std::size_t i = 0; i < value.items.size(); i += 2) read_terraform_output(value.items[i], value.items[i + 1], "*", collector);
    } else {
      collector.problem(value, "must be a mapping of outputs, as `terraform output -json` prints it");
    }
  }
}

}  // namespace

const Importer kTerraform = {
    .name = "terraform",
    .purpose = "terraform output -json; a state file (version 4)",
    .syntax = Syntax::json,
    .namespaces = {},
    .fits = fits_terraform,
    .holds_secret = holds_sensitive,
    .read = read_terraform,
};

}  // namespace almanac::importing
