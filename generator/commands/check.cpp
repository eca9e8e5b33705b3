#include "commands/check.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "commands/compile_sources.h"
#include "inspect/json_text.h"
#include "inspect/quantity.h"
#include "model/places.h"
#include "model/quoted.h"
#include "publish/caller_notes.h"
#include "source/load.h"

namespace almanac::commands {
namespace {

struct CheckOptions {
  std::vector<std::string> sources;
  bool json = false;
};

constexpr const char* kCheckFooter = R"(
Each problem is a line "file:line:column: what is wrong, and what to do". Where there is none, it tells what there is, where each
rollout of the caller rules stands now, and on stderr, as notes, what is in order and may not be meant.
Exit status: 0 all is well, 1 there are problems, 2 something could not be read.

Examples:
  generate-snapshot check prod.yaml
  generate-snapshot check shared.yaml services/       a file, and all below a folder
  generate-snapshot check --json services/ | jq .     one object a problem)";

// `kind` is the key of the text: what is wrong is a message, what may be meant a note.
void print_json(const model::Registry& registry, const model::Location& location, std::string_view kind, std::string_view text) {
  std::string line;
  inspect::JsonText(line)
      .begin_object()
      .key("file")
      .string(registry.files[location.file])
      .key("line")
      .number(location.line)
      .key("column")
      .number(location.column)
      .key(kind)
      .string(text)
      .end_object()
      .end_line();
  std::cout << line;
}

const model::Location& location_of(const model::Registry& registry, const publish::CallerNote& note) {
  const model::CallerRule& rule = registry.caller_rules[note.rule - 1];
  return note.rollout ? rule.rollouts[*note.rollout].to_location : rule.location;
}

void print_notes(const model::Registry& registry, bool json) {
  std::cout.flush();  // the notes come last, also where both end up on one terminal
  for (const publish::CallerNote& note : publish::caller_notes(registry)) {
    const model::Location& location = location_of(registry, note);
    if (json) {
      print_json(registry, location, "note", note.text);
    } else {
      std::cerr << model::place(registry.files, location) << ": note: " << note.text << '\n';
    }
  }
}

std::string summary(const model::Registry& registry) {
  std::size_t services = 0;
  std::size_t endpoints = 0;
  for (const model::Namespace& space : registry.namespaces) {
    services += space.services.size();
    for (const model::Service& service : space.services) endpoints += service.endpoints.size();
  }
  const std::string name = registry.name.empty() ? "a registry without a name" : "registry " + model::quoted(registry.name);
  return "ok: " + name + ": " + inspect::counted(registry.namespaces.size(), "namespace") + ", " + inspect::counted(services, "service") +
         ", " + inspect::counted(endpoints, "endpoint") + " (inherited ones counted)" +
         (registry.caller_rules.empty() ? "" : ", " + inspect::counted(registry.caller_rules.size(), "caller rule"));
}

int check(const CheckOptions& options) {
  progress::ProgressLine progress(stderr);
  const source::LoadResult loaded = source::load_registry(options.sources, progress);
  if (const auto first = loaded.first_rule_not_compared) {
    std::cerr << "generate-snapshot: warning: there is too much in the caller rules to compare each with all before it: from rule "
              << *first + 1 << " on, one that is never reached may not be found\n";
  }
  if (options.json) {
    for (const model::Problem& problem : loaded.problems) print_json(loaded.registry, problem.location, "message", problem.message);
  } else if (loaded.problems.empty()) {
    std::cout << summary(loaded.registry) << '\n';
    const internal::Moment now = internal::moment_of(std::chrono::system_clock::now());
    for (const std::string& line : publish::rollout_lines(publish::facts_of(loaded.registry), now)) std::cout << line << '\n';
  } else {
    source::print_problems(std::cout, loaded);
    std::cout << source::count_problems(loaded) << '\n';
  }
  if (!loaded.problems.empty()) return kNo;
  print_notes(loaded.registry, options.json);
  return kYes;
}

}  // namespace

void add_check(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("check", "Say everything that is wrong with registry documents");
  command->footer(kCheckFooter);
  const auto options = std::make_shared<CheckOptions>();
  command->add_option("SOURCE", options->sources, kSourceHelp)->required();
  command->add_flag("--json", options->json, "Print problems as JSON Lines: file, line, column, message (of a note: note)");
  command->callback([options, &chosen] { chosen = [options] { return check(*options); }; });
}

}  // namespace almanac::commands
