// AWS Systems Manager Parameter Store: `aws ssm get-parameters-by-path`, `get-parameters`, `get-parameter`, `get-parameter-history`.
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Parameter.html and API_ParameterHistory.html
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "import/collector.h"
#include "import/fields.h"
#include "import/formats.h"
#include "import/setting.h"
#include "model/quoted.h"

namespace almanac::importing {
namespace {

constexpr std::string_view kSecret = "SecureString";

bool is_parameter(const Node& node) { return has_text(node, "Name") && (has_text(node, "Type") || has_text(node, "Value")); }

bool fits_ssm(const Input& input) {
  return !input.values.empty() && std::ranges::all_of(input.values, [](const Node& value) {
    if (const Node* one = member(value, "Parameter")) return is_parameter(*one);
    return has_list(value, "Parameters") && std::ranges::all_of(member(value, "Parameters")->items, is_parameter);
  });
}

bool is_secret(const Node& parameter) {
  const Node* type = member(parameter, "Type");
  return type != nullptr && type->text == kSecret;
}

bool holds_secure_string(const Input& input) {
  return fits_ssm(input) && std::ranges::any_of(input.values, [](const Node& value) {
           if (const Node* one = member(value, "Parameter")) return is_secret(*one);
           return std::ranges::any_of(member(value, "Parameters")->items, is_secret);
         });
}

// A history, or names with selectors, may say a parameter in several versions.
bool is_later(std::string_view version, std::string_view than) {
  return version.size() != than.size() ? version.size() > than.size() : version > than;
}

class Parameters {
 public:
  explicit Parameters(Collector& collector) : collector_(collector) {}

  // `input` is the one that the collector is at.
  void add(const Node& parameter, const std::string& path, const Input& input) {
    if (!has_text(parameter, "Name")) return read(parameter, path);  // which says so
    std::vector<Found>& known = latest_[member(parameter, "Name")->text];
    if (!known.empty() && version_of(parameter) != version_of(*known.front().node)) {
      if (!is_later(version_of(parameter), version_of(*known.front().node))) return leave_out(parameter);
      for (const Found& earlier : known) {
        collector_.begin(*earlier.input);
        leave_out(*earlier.node);
      }
      collector_.begin(input);
      known.clear();
    }
    known.push_back({&input, &parameter, path});
  }

  // What is said several times of one version is held against each other; a secret is one wherever it is marked.
  void read_latest() {
    for (const auto& [name, all] : latest_) {
      const bool secret = std::ranges::any_of(all, [](const Found& found) { return is_secret(*found.node); });
      for (const Found& found : all) {
        if (secret && !is_secret(*found.node)) continue;
        collector_.begin(*found.input);
        read(*found.node, found.path);
      }
    }
  }

 private:
  struct Found {
    const Input* input;
    const Node* node;
    std::string path;
  };

  void leave_out(const Node& parameter) { collector_.leave_out(parameter, "an earlier version of a parameter"); }

  static std::string_view version_of(const Node& parameter) {
    const Node* version = member(parameter, "Version");
    return version == nullptr ? std::string_view() : version->text;
  }

  void read(const Node& node, const std::string& path) {
    Fields parameter(node, path, collector_);
    const Node* name = parameter.required("Name");
    const Node* type = parameter.required("Type");
    if (name == nullptr || type == nullptr) return;
    if (type->text == kSecret) return collector_.refuse_secret(*name, name->text, "its Type is SecureString");
    if (type->text != "String" && type->text != "StringList") {
      return collector_.problem(*type, path + ".Type must be String, StringList or SecureString, got " + model::quoted(type->text));
    }
    const Node* value = parameter.required("Value");
    Record record;
    record.name = *name;
    if (const Node* description = parameter.scalar("Description")) record.description = *description;
    parameter.rest();
    if (value == nullptr) return;
    set_setting(record, *value, collector_);
    collector_.add(record);
  }

  Collector& collector_;
  std::map<std::string_view, std::vector<Found>> latest_;  // of one version each
};

void read_page(const Node& value, const Input& input, Parameters& parameters, Collector& collector) {
  Fields page(value, "", collector);
  page.need_one_of({"Parameters", "Parameter"});
  if (const Node* one = page.find("Parameter")) parameters.add(*one, "Parameter", input);
  page.for_each("Parameters", [&](const Node& item, const std::string& path) { parameters.add(item, path, input); });
  page.for_each("InvalidParameters", [&](const Node& name, const std::string& path) { collector.drop(name, path); });
  page.rest();
}

void read_ssm(std::span<const Input> inputs, Collector& collector) {
  Parameters parameters(collector);
  for (const Input& input : inputs) {
    collector.begin(input);
    for (const Node& value : input.values) read_page(value, input, parameters, collector);
  }
  parameters.read_latest();
}

}  // namespace

const Importer kSsm = {
    .name = "ssm",
    .purpose = "aws ssm get-parameters-by-path, get-parameters, get-parameter-history",
    .syntax = Syntax::json,
    .namespaces = {},
    .fits = fits_ssm,
    .holds_secret = holds_secure_string,
    .read_together = read_ssm,
};

}  // namespace almanac::importing
