#include "commands/check.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "inspect/json_text.h"
#include "inspect/quantity.h"
#include "model/quoted.h"
#include "source/load.h"

namespace almanac::commands {
namespace {

struct Options {
  std::vector<std::string> sources;
  bool json = false;
};

constexpr const char* kFooter = R"(
Each problem is a line "file:line:column: what is wrong, and what to do".
Exit status: 0 all is well, 1 there are problems, 2 something could not be read.

Examples:
  generate-snapshot check prod.yaml
  generate-snapshot check shared.yaml services/       a file, and all below a folder
  generate-snapshot check --json services/ | jq .     one object a problem)";

void print_json(const source::LoadResult& loaded) {
  std::string line;
  for (const model::Problem& problem : loaded.problems) {
    line.clear();
    inspect::JsonText(line)
        .begin_object()
        .key("file")
        .string(loaded.registry.files[problem.location.file])
        .key("line")
        .number(problem.location.line)
        .key("column")
        .number(problem.location.column)
        .key("message")
        .string(problem.message)
        .end_object()
        .end_line();
    std::cout << line;
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

int check(const Options& options) {
  progress::ProgressLine progress(stderr);
  const source::LoadResult loaded = source::load_registry(options.sources, progress);
  if (const auto first = loaded.first_rule_not_compared) {
    std::cerr << "generate-snapshot: warning: there is too much in the caller rules to compare each with all before it: from rule "
              << *first + 1 << " on, one that is never reached may not be found\n";
  }
  if (options.json) {
    print_json(loaded);
  } else if (loaded.problems.empty()) {
    std::cout << summary(loaded.registry) << '\n';
  } else {
    source::print_problems(std::cout, loaded);
    std::cout << source::count_problems(loaded) << '\n';
  }
  return loaded.problems.empty() ? kYes : kNo;
}

}  // namespace

void add_check(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("check", "Say everything that is wrong with registry documents");
  command->footer(kFooter);
  const auto options = std::make_shared<Options>();
  command->add_option("SOURCE", options->sources, "Files (.yaml .yml .json .jsonl .ndjson) and folders of them")->required();
  command->add_flag("--json", options->json, "Print problems as JSON Lines: file, line, column, message");
  command->callback([options, &chosen] { chosen = [options] { return check(*options); }; });
}

}  // namespace almanac::commands
