#include "commands/build.h"

#include <almanac/snapshot.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <iostream>

#include "commands/compile_sources.h"
#include "publish/caller_notes.h"
#include "whole_file.h"

namespace almanac::commands {
namespace {

constexpr const char* kBuildFooter = R"help(
The same documents give the same bytes, whatever their order, the machine or the number of threads.
The file is written aside and renamed: a failure leaves what was there before.
Exit status: 0 built, 1 the documents have problems, 2 something could not be read or written.

Examples:
  generate-snapshot build registry/ -o acme.almanac
  generate-snapshot build registry/ -o acme.almanac --revision "$(git rev-parse HEAD)"
  generate-snapshot build registry/ -o quick.almanac --level 3     larger, in a fraction of the time)help";

int build(const SourceOptions& options, const std::string& output) {
  const auto snapshot = compile_sources(options);
  if (!snapshot) return kNo;
  internal::write_whole_file(output, *snapshot);
  std::cout << output << ": " << describe_snapshot(*snapshot) << '\n' << std::flush;
  for (const publish::CallerNote& note : publish::caller_notes(Snapshot::from_bytes(*snapshot, output)))
    std::cerr << "generate-snapshot: note: " << note.text << '\n';
  return kYes;
}

}  // namespace

void add_build(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("build", "Compile registry documents into a snapshot file");
  command->footer(kBuildFooter);
  const auto options = add_source_options(*command);
  command->get_option("SOURCE")->required();
  const auto output = std::make_shared<std::string>();
  command->add_option("-o,--output", *output, "The snapshot file to write")->required()->type_name("FILE");
  command->callback([options, output, &chosen] { chosen = [options, output] { return build(*options, *output); }; });
}

}  // namespace almanac::commands
