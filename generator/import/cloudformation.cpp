// AWS CloudFormation: `aws cloudformation list-exports` and `describe-stacks`.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Export.html, API_Stack.html and API_Output.html
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "import/collector.h"
#include "import/fields.h"
#include "import/formats.h"
#include "import/setting.h"
#include "model/quoted.h"

namespace almanac::importing {
namespace {

bool is_export(const Node& node) { return has_text(node, "ExportingStackId") && has_text(node, "Name"); }
bool is_stack(const Node& node) { return has_text(node, "StackName") && has_text(node, "StackStatus"); }

bool fits_cloudformation(const Input& input) {
  return !input.values.empty() && std::ranges::all_of(input.values, [](const Node& value) {
    if (has_list(value, "Exports")) return std::ranges::all_of(member(value, "Exports")->items, is_export);
    return has_list(value, "Stacks") && std::ranges::all_of(member(value, "Stacks")->items, is_stack);
  });
}

// "arn:aws:cloudformation:us-east-1:123456789012:stack/users-prod/0a1b": users-prod; empty when it is nothing of the kind.
std::string_view stack_of(std::string_view id) {
  constexpr std::string_view kMark = ":stack/";
  const std::size_t mark = id.find(kMark);
  if (mark == std::string_view::npos) return {};
  const std::string_view name = id.substr(mark + kMark.size());
  return name.substr(0, name.find('/'));
}

void set_stack(Record& record, const Node& stack, const Collector& collector) {
  record.attributes.emplace_back(text_at("stack", stack), stack);
  collector.offer(record, "stack", stack);
}

void read_export(const Node& node, const std::string& path, Collector& collector) {
  Fields fields(node, path, collector);
  const Node* name = fields.required("Name");
  const Node* value = fields.required("Value");
  const Node* stack = fields.required("ExportingStackId");
  fields.rest();
  if (name == nullptr || value == nullptr || stack == nullptr) return;
  Record record;
  record.name = *name;
  const std::string_view stack_name = stack_of(stack->text);
  if (stack_name.empty()) return collector.problem(*stack, path + ".ExportingStackId is not the ARN of a stack");
  set_stack(record, text_at(stack_name, *stack), collector);
  set_setting(record, *value, collector);
  collector.add(record);
}

class StackReader {
 public:
  explicit StackReader(Collector& collector) : collector_(collector) {}

  void read(const Node& node, const std::string& path) {
    Fields stack(node, path, collector_);
    const Node* name = stack.required("StackName");
    const Node* status = stack.required("StackStatus");
    if (name == nullptr || status == nullptr) return;
    if (status->text == "DELETE_COMPLETE") return collector_.leave_out(*status, "a stack in DELETE_COMPLETE");
    tag_ = nullptr;
    stack.for_each("Tags", [&](const Node& tag, const std::string& tag_path) { read_tag(tag, tag_path); });
    stack.for_each("Outputs", [&](const Node& output, const std::string& output_path) { read_output(output, output_path, *name); });
    stack.rest();
  }

 private:
  void read_tag(const Node& node, const std::string& path) {
    Fields tag(node, path, collector_);
    const Node* key = tag.required("Key");
    const Node* value = tag.required("Value");
    if (key == nullptr || value == nullptr) return;
    if (!collector_.asks_for("tag:", key->text)) return collector_.drop(node, path);
    if (tag_ != nullptr) collector_.problem(*key, "the tag " + model::quoted(key->text) + " is given twice; give it once");
    tag_ = value;
    tag.rest();
  }

  void read_output(const Node& node, const std::string& path, const Node& stack) {
    Fields output(node, path, collector_);
    const Node* key = output.required("OutputKey");
    const Node* value = output.required("OutputValue");
    const Node* exported = output.scalar("ExportName");
    const Node* description = output.scalar("Description");
    output.rest();
    if (key == nullptr || value == nullptr) return;
    Record record;
    record.name = exported != nullptr ? *exported : text_at(collector_.keep(std::string(stack.text) + '/' + std::string(key->text)), *key);
    if (description != nullptr) record.description = *description;
    set_stack(record, stack, collector_);
    if (tag_ != nullptr) record.space = tag_->text;
    set_setting(record, *value, collector_);
    collector_.add(record);
  }

  Collector& collector_;
  const Node* tag_ = nullptr;  // of the stack, the value that --namespace-from asks for
};

void read_cloudformation(const Input& input, Collector& collector) {
  StackReader stacks(collector);
  for (const Node& value : input.values) {
    Fields page(value, "", collector);
    page.need_one_of({"Exports", "Stacks"});
    page.for_each("Exports", [&](const Node& item, const std::string& path) { read_export(item, path, collector); });
    page.for_each("Stacks", [&](const Node& item, const std::string& path) { stacks.read(item, path); });
    page.rest();
  }
}

constexpr std::array kCloudFormationNamespaces = {
    NamespaceSource{"stack", "the name of the stack"},
    NamespaceSource{"tag:", "the stack's tag KEY (describe-stacks)"},
};

}  // namespace

const Importer kCloudFormation = {
    .name = "cloudformation",
    .purpose = "aws cloudformation list-exports, describe-stacks",
    .syntax = Syntax::json,
    .namespaces = kCloudFormationNamespaces,
    .fits = fits_cloudformation,
    .read = read_cloudformation,
};

}  // namespace almanac::importing
