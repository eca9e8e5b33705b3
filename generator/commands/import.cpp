#include "commands/import.h"

#include <almanac/snapshot.h>

#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "compile/snapshot_writer.h"
#include "import/import.h"
#include "inspect/dump.h"
#include "inspect/quantity.h"
#include "inspect/terminal_text.h"

namespace almanac::commands {
namespace {

using importing::Importer;
using importing::ImportOptions;

struct ImportCommand {
  std::vector<std::string> files;
  ImportOptions import;
};

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

std::string footer() {
  constexpr std::size_t kWidth = 18;
  std::string text = "\nFormats, and what --namespace-from can be besides path:N (* when nothing is said):\n";
  for (const Importer* importer : importing::importers()) {
    text += "  " + padded(std::string(importer->name), kWidth) + std::string(importer->purpose) + '\n';
    for (const importing::NamespaceSource& source : importer->namespaces) {
      const std::string word = std::string(source.word) + (source.word.ends_with(':') ? "KEY" : "") + (source.natural ? " *" : "");
      text += "    " + padded(word, kWidth - 2) + std::string(source.meaning) + '\n';
    }
  }
  return text + R"help(
Without FORMAT it is recognised where only one fits. On stdout there are JSON Lines, sorted and checked, or nothing; on stderr what was
not carried over, each kind of field once. generator/IMPORTS.md says what becomes what.
A text that is a uri ("://" or "arn:") becomes an endpoint of a service of its own, any other text a value.
Exit status: 0 imported, 1 refused (problems, secrets, --strict, a format to be named), 2 something could not be read or written.

Examples:
  aws ssm get-parameters-by-path --path /acme/prod --recursive |
    generate-snapshot import ssm -n prod --strip /acme/prod
  terraform output -json | generate-snapshot import terraform -n prod --skip-secrets > network.jsonl
  generate-snapshot import cloudformation stacks.json --namespace-from tag:stage
  generate-snapshot import consul users.json -n prod --scheme http --strict --ignore '[].Node')help";
}

// What stands where FORMAT does and is none, but there, is the first of the files.
void take_format(ImportCommand& options) {
  std::string& format = options.import.format;
  if (importing::find_importer(format) == nullptr && (format == "-" || ::access(format.c_str(), F_OK) == 0)) {
    options.files.insert(options.files.begin(), std::exchange(format, {}));
  }
}

void write_records(const model::Registry& registry) {
  progress::Progress silent;
  const std::vector<std::byte> bytes = compile::compile_snapshot(registry, {.level = 1, .threads = 1}, silent);
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "the imported services");
  inspect::Output output(STDOUT_FILENO);
  inspect::dump(snapshot, {}, output);
  output.flush();
}

std::string summary(const model::Registry& registry, const Importer& importer, bool recognised) {
  std::size_t services = 0;
  for (const model::Namespace& space : registry.namespaces) services += space.services.size();
  return inspect::counted(services, "service") + " in " + inspect::counted(registry.namespaces.size(), "namespace") + " from " +
         std::string(importer.name) + (recognised ? ", which the input was recognised as" : "");
}

int import(const ImportCommand& options) {
  const std::vector<std::string> files = options.files.empty() ? std::vector<std::string>{"-"} : options.files;
  const importing::Imported imported = importing::import_inputs(files, options.import);
  const model::Registry& registry = imported.loaded.registry;
  imported.report.print(std::cerr, registry.files);
  if (!imported.loaded.problems.empty()) {
    source::print_problems(std::cerr, imported.loaded);
    std::cerr << source::count_problems(imported.loaded) << "; nothing was written\n";
    return kNo;
  }
  for (const std::string& field : imported.ignored_in_vain) {
    std::cerr << "generate-snapshot: warning: --ignore " << inspect::in_quotes(field)
              << ": no field that is not carried over is called that\n";
  }
  if (options.import.strict && imported.report.dropped() > 0) {
    std::cerr << inspect::counted(imported.report.dropped(), "field") << " not carried over, and --strict; nothing was written\n";
    return kNo;
  }
  write_records(registry);
  std::cerr << summary(registry, *imported.importer, options.import.format.empty()) << '\n';
  return kYes;
}

}  // namespace

void add_import(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("import", "Turn what a neighbour prints into registry documents (JSON Lines)");
  command->footer(footer());
  const auto options = std::make_shared<ImportCommand>();
  command->add_option("FORMAT", options->import.format, "One of those below; recognised when it is not given");
  command->add_option("FILE", options->files, "What to read; standard input without any, or as -");
  CLI::Option* name = command->add_option("-n,--namespace", options->import.namespace_name, "Of all services")->type_name("NAME");
  command
      ->add_option("--namespace-from", options->import.namespace_from,
                   "Where the namespace comes from, as below; path:N: segment N of the name, which it leaves")
      ->type_name("WHAT")
      ->excludes(name);
  command->add_option("--strip", options->import.strip, "Take this from the start of each name")->type_name("PREFIX");
  command->add_option("--scheme", options->import.scheme, "Of addresses that say none, instead of tcp")->type_name("SCHEME");
  command->add_flag("--values", options->import.values, "Let uris be values, as any other text");
  command->add_flag("--skip-secrets", options->import.skip_secrets, "Leave out what is marked as secret, rather than refuse the import");
  command->add_flag("--strict", options->import.strict, "Refuse the import when a field is not carried over");
  command
      ->add_option("--ignore", options->import.ignored,
                   "A field, as the report names it, that may go without a word; a warning where there is none")
      ->type_name("FIELD")
      ->allow_extra_args(false);
  command->callback([options, &chosen] {
    take_format(*options);
    chosen = [options] { return import(*options); };
  });
}

}  // namespace almanac::commands
