#include "print_diff.h"

#include <algorithm>
#include <string>

#include "caller_rule_text.h"
#include "print_text.h"
#include "quantity.h"
#include "snapshot_data.h"
#include "terminal_text.h"

namespace almanac::inspect {
namespace {

constexpr std::size_t kMostColumnsOfValue = 100;

std::string shown(const FieldValue& value) {
  switch (value.kind) {
    case FieldValue::Kind::kText: return in_quotes(value.text, kMostColumnsOfValue);
    case FieldValue::Kind::kNumber: return with_thousands(value.number);
    case FieldValue::Kind::kNothing: break;
  }
  return "nothing";
}

class DiffPrinter {
 public:
  DiffPrinter(bool colours, std::uint64_t most_lines, Output& output) : colours_(colours), most_lines_(most_lines), output_(output) {}

  void print_identity(std::string_view what, std::string_view before, std::string_view after) {
    if (before == after) return;
    line(Change::kChanged, 0,
         std::string(what) + ": " + shown(FieldValue::of_non_empty(before)) + " -> " + shown(FieldValue::of_non_empty(after)));
  }

  void print(const CallerRuleChange& change, const internal::Manifest& before, const internal::Manifest& after) {
    if (!has_heading_ && takes_line()) output_.text() += "callers\n";
    has_heading_ = true;
    line(change.change, 1, "rule " + with_thousands(change.place));
    const RuleTexts was = texts_of(change.before, before);
    const RuleTexts is = texts_of(change.after, after);
    print_text("when", was.when, is.when);
    if (change.change == Change::kChanged && was.when == is.when) {
      const std::string patterns = changed_patterns_text(*change.before, *change.after);
      if (!patterns.empty()) line(Change::kChanged, 2, "when: the same, " + patterns);
    }
    print_text("namespace", was.name_space, is.name_space);
    const bool stages_differ = change.change == Change::kChanged && was.rollouts == is.rollouts &&
                               !std::ranges::equal(change.before->rollouts, change.after->rollouts, {}, &internal::CallerRollout::schedule,
                                                   &internal::CallerRollout::schedule);
    print_text("rollout", was.rollouts, stages_differ ? "the same, with other stages in between" : is.rollouts);
    output_.record_done();
  }

  void print(const NamespaceChange& change) {
    const std::string heading = "namespace " + visible(change.name);
    if (change.change == Change::kChanged) {
      if (takes_line()) output_.text() += heading + "\n";
    } else {
      line(change.change, 0, heading);
    }
    for (const ServiceChange& service : change.services) {
      print(service);
      output_.record_done();
    }
  }

  void print_rest() {
    if (lines_ > most_lines_) output_.text() += "… and " + counted(lines_ - most_lines_, "more line") + "\n";
  }

 private:
  struct RuleTexts {
    std::string when;
    std::string name_space;
    std::string rollouts;
  };

  static RuleTexts texts_of(const internal::CallerRule* rule, const internal::Manifest& manifest) {
    if (rule == nullptr) return {};
    return {when_text(*rule), in_quotes(manifest.namespaces[rule->name_space].name), rollouts_text(manifest, *rule)};
  }

  // Of texts that are fit to be shown; an empty one: it is not there.
  void print_text(std::string_view field, const std::string& before, const std::string& after) {
    if (before == after) return;
    const Change change = before.empty() ? Change::kAdded : after.empty() ? Change::kRemoved : Change::kChanged;
    line(change, 2, std::string(field) + ": " + before + (change == Change::kChanged ? " -> " : "") + after);
  }

  [[nodiscard]] bool takes_line() { return lines_++ < most_lines_; }

  void print(const ServiceChange& change) {
    const std::string name = visible(change.service.name());
    if (change.change != Change::kChanged) {
      line(change.change, 1, name + "  " + address_of(change.service));
      return;
    }
    line(Change::kChanged, 1, name);
    for (const FieldChange& field : change.fields) print(field, 2);
    for (const EndpointChange& endpoint : change.endpoints) print(endpoint);
    if (change.endpoints_reordered) line(Change::kChanged, 2, "endpoints: in another order");
  }

  void print(const EndpointChange& change) {
    line(change.change, 2, "endpoint " + visible(change.endpoint.uri(), kMostColumnsOfValue));
    for (const FieldChange& field : change.fields) print(field, 3);
  }

  void print(const FieldChange& change, std::size_t depth) {
    if (change.field == "tags") {
      line(change.change, depth, "tag " + visible(change.key));
      return;
    }
    std::string text = change.field == "attributes" ? "attribute " + visible(change.key) : std::string(change.field);
    text += ": ";
    if (change.change != Change::kAdded) text += shown(change.before);
    if (change.change == Change::kChanged) text += " -> ";
    if (change.change != Change::kRemoved) text += shown(change.after);
    line(change.change, depth, text);
  }

  void line(Change change, std::size_t depth, std::string_view text) {
    if (!takes_line()) return;
    struct Look {
      std::string_view mark;
      std::string_view colour;
    };
    const Look look = change == Change::kAdded     ? Look{"+ ", "\x1b[32m"}
                      : change == Change::kRemoved ? Look{"- ", "\x1b[31m"}
                                                   : Look{"~ ", "\x1b[33m"};
    std::string& out = output_.text();
    out.append(depth * 2, ' ');
    if (colours_) out += look.colour;
    out.append(look.mark).append(text);
    if (colours_) out += "\x1b[0m";
    out += '\n';
  }

  bool colours_;
  std::uint64_t most_lines_;
  std::uint64_t lines_ = 0;
  bool has_heading_ = false;  // of the rules
  Output& output_;
};

}  // namespace

void print_text(const DiffReport& report, bool colours, Output& output, std::uint64_t most_lines) {
  DiffPrinter printer(colours, most_lines, output);
  printer.print_identity("registry", report.before.registry_name(), report.after.registry_name());
  printer.print_identity("revision", report.before.revision(), report.after.revision());
  for (const CallerRuleChange& change : report.caller_rules) {
    printer.print(change, internal::data_of(report.before).manifest(), internal::data_of(report.after).manifest());
  }
  for (const NamespaceChange& change : report.namespaces) printer.print(change);
  printer.print_rest();
  if (report.same()) {
    output.text() += "same: " + counted(report.unchanged, "service") + "\n";
    return;
  }
  output.text() += "different: " + with_thousands(report.added) + " added, " + with_thousands(report.removed) + " removed, " +
                   with_thousands(report.changed) + " changed, " + with_thousands(report.unchanged) + " unchanged";
  if (!report.caller_rules.empty()) output.text() += "; caller rules differ";
  output.text() += "\n";
}

}  // namespace almanac::inspect
