#include "commands/registered_sources.h"

#include <cstdio>
#include <sstream>
#include <utility>

#include "publish/store_clock.h"
#include "registrations/registered_registry.h"

namespace almanac::commands {
namespace {

std::vector<std::string> lines_of(const source::LoadResult& loaded) {
  std::ostringstream problems;
  source::print_problems(problems, loaded);
  problems << source::count_problems(loaded);
  std::vector<std::string> lines;
  std::istringstream text(problems.str());
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

bool can_be_taken(GoingLive& run, const registrations::Reading& reading, bool skip_damaged) {
  GoingLive::RegistrationCounts counts;
  counts.registrations = reading.registered.size();
  counts.damaged = reading.unreadable.size();
  for (const registrations::Registered& each : reading.registered) counts.lapsed += each.lapsed ? 1 : 0;
  run.note(counts);
  std::vector<std::string> damaged;
  for (const registrations::Unreadable& each : reading.unreadable) damaged.emplace_back(each.error.what());
  if (damaged.empty()) return true;
  if (!skip_damaged) {
    damaged.emplace_back("what cannot be read may be in use: register it again, remove the object, or leave it out with --skip-damaged");
    return run.refuse("registrations", damaged);
  }
  for (std::string& each : damaged) each = "left out: " + each;
  run.note(damaged);
  return true;
}

}  // namespace

std::optional<CompiledRegistry> compile_registered(GoingLive& run, const RegisteredSources& sources, const SourceOptions& options) {
  Store& store = run.publisher().log().store();
  CompiledRegistry compiled;
  compiled.now = sources.dry_run ? std::chrono::system_clock::now() : publish::store_time(store);
  registrations::ReadOptions read_options;
  read_options.now = compiled.now;
  compiled.reading = read_registrations(store, read_options, run.progress());
  if (!can_be_taken(run, compiled.reading, sources.skip_damaged)) return std::nullopt;
  if (sources.judge_lapses) sources.judge_lapses(compiled.reading);
  progress::ProgressLine progress(stderr);
  source::LoadResult loaded =
      registrations::load_registry(sources.documents, compiled.reading, progress, {sources.registry, sources.revision});
  if (!loaded.problems.empty()) {
    (void)run.refuse("documents", lines_of(loaded));
    return std::nullopt;
  }
  run.note(loaded.notes);
  compiled.snapshot = compile_loaded(std::move(loaded), options, progress);
  return compiled;
}

int with_fresh_readings(GoingLive& run, int most, const std::function<int()>& attempt) {
  for (int attempts = 1;; ++attempts) {
    try {
      return attempt();
    } catch (const publish::Refused& refused) {
      if (refused.reason() != publish::Refused::Reason::kConflict || attempts == most) throw;
      run.say("somebody else published meanwhile: what is registered is read again");
    }
  }
}

}  // namespace almanac::commands
