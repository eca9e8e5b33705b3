#include "commands/publish.h"

#include <almanac/snapshot.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <chrono>
#include <iostream>

#include "byte_source.h"
#include "commands/compile_sources.h"
#include "publish/publisher.h"

namespace almanac::commands {
namespace {

struct Options {
  std::shared_ptr<SourceOptions> source;
  std::string snapshot;
  std::string store;
};

constexpr const char* kFooter = R"(
The snapshot is put into the store, announced under the next generation, and then made the current
one in a single step. Publishing what is live already changes nothing.
Exit status: 0 live, 1 the documents have problems, 2 something could not be read or written.

Examples:
  generate-snapshot publish registry/ --to /srv/acme
  generate-snapshot publish --snapshot acme.almanac --to /srv/acme)";

std::vector<std::byte> read_whole(const std::string& file) {
  const auto source = internal::open_file(file);
  std::vector<std::byte> bytes(static_cast<std::size_t>(source->size()));
  source->read(0, bytes);
  return bytes;
}

std::optional<std::vector<std::byte>> snapshot_to_publish(const Options& options) {
  if (options.snapshot.empty()) return compile_sources(*options.source);
  std::vector<std::byte> bytes = read_whole(options.snapshot);
  Snapshot::from_bytes(bytes, options.snapshot).verify();
  return bytes;
}

int publish(const Options& options) {
  const auto snapshot = snapshot_to_publish(options);
  if (!snapshot) return kNo;
  const auto publication = publish::Publisher(open_store(options.store)).publish(*snapshot, std::chrono::system_clock::now());
  const std::string generation = "generation " + std::to_string(publication.announcement.generation);
  if (publication.changed) {
    std::cout << options.store << ": " << generation << " is live: " << describe_snapshot(*snapshot) << '\n';
  } else {
    std::cout << options.store << ": nothing to publish: " << generation << " has this snapshot\n";
  }
  return kYes;
}

}  // namespace

void add_publish(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("publish", "Make a registry live in a store");
  command->footer(kFooter);
  const auto options = std::make_shared<Options>();
  options->source = add_source_options(*command);
  CLI::Option* snapshot = command->add_option("--snapshot", options->snapshot, "A snapshot file that build wrote, instead of documents");
  snapshot->type_name("FILE");
  for (const char* name : {"SOURCE", "--registry", "--revision", "--level", "--threads"}) snapshot->excludes(command->get_option(name));
  command->add_option("--to", options->store, "The store: a directory, made if it is not there")->required()->type_name("STORE");
  command->callback([options, &chosen] {
    if (options->source->sources.empty() && options->snapshot.empty()) throw CLI::RequiredError("SOURCE or --snapshot");
    chosen = [options] { return publish(*options); };
  });
}

}  // namespace almanac::commands
