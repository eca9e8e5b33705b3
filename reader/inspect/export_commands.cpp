#include "export_commands.h"

#include <unistd.h>

#include <array>
#include <chrono>

#include <CLI/CLI.hpp>

#include "export/export_file.h"
#include "follow/follow.h"
#include "notes.h"
#include "quantity.h"
#include "settings.h"
#include "shared_options.h"
#include "subject.h"

namespace almanac::inspect {

namespace {

// Less would ask the store without a pause, or kill a command before it has begun.
constexpr std::chrono::milliseconds kLeastPause(100);

std::string format_table() {
  std::string table = "Formats:\n";
  for (const ExportFormat& format : export_formats()) {
    table.append("  ").append(format.name).append(format.name.size() < 12 ? 12 - format.name.size() : 1, ' ');
    table.append(format.purpose).append("\n");
  }
  return table + "\n";
}

// Who gives one for another format means something that would not happen.
void refuse_vain_zone_options(CLI::App& app, const ExportOptions& exporting) {
  app.callback([&app, &exporting] {
    for (const char* const name : {"--serial", "--ttl", "--name-server"}) {
      const CLI::Option* const option = app.get_option_no_throw(name);
      if (option == nullptr || option->empty() || find_export_format(exporting.format).serial_of != nullptr) continue;
      throw CLI::ValidationError(name, "is of a zone, which " + exporting.format + " is not");
    }
  });
}

void add_export_options(CLI::App& app, Options& options) {
  ExportOptions& exporting = options.exporting;
  app.add_option("--format", exporting.format, "One of those below")->required()->type_name("FORMAT");
  add_filters(app, options);
  app.add_flag("--strict", exporting.strict, "Write nothing when anything would be lost");
  app.add_option("--ttl", exporting.ttl, "Of a zone's records, in seconds")
      ->type_name("SECONDS")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{INT32_MAX}))  // RFC 2181, section 8
      ->capture_default_str();
  app.add_option("--name-server", exporting.settings.name_server, "Of a zone")->type_name("HOST")->capture_default_str();
  app.footer(format_table() + app.get_footer());
  refuse_vain_zone_options(app, exporting);
}

ExportRequest request_of(const Options& options) {
  ExportRequest request{&find_export_format(options.exporting.format), options.selection, options.exporting.settings};
  request.settings.ttl = std::chrono::seconds(options.exporting.ttl);
  return request;
}

Caller this_host() {
  Caller caller = Caller::from_environment();
  std::array<char, 256> name{};
  if (caller.get("instance").empty() && ::gethostname(name.data(), name.size() - 1) == 0) caller.set("instance", name.data());
  return caller;
}

std::chrono::milliseconds duration_of(const std::string& text, const std::string& option) {
  const std::chrono::milliseconds duration = internal::parse_duration(text, option);
  if (duration < kLeastPause) throw Error(ErrorCode::kInvalidArgument, option, "takes 100ms or more, got \"" + text + "\"");
  return duration;
}

int write_output(const Options& options, const std::string& text, Output& output) {
  if (options.output.empty()) {
    output.text() += text;
  } else if (has_text(options.output, text)) {
    output.text() += options.output + ": unchanged\n";
  } else {
    write_text(options.output, text);
    output.text() += options.output + ": written, " + counted(text.size(), "byte") + "\n";
  }
  output.flush();
  return kYes;
}

}  // namespace

void declare_export(CLI::App& app, Options& options) {
  add_what(app, options);
  add_export_options(app, options);
  app.add_option("--serial", options.exporting.settings.serial, "Of a zone; of a store it is the generation when not given")
      ->type_name("NUMBER");
  app.add_option("-o,--output", options.output, "The file to write, instead of stdout")->type_name("FILE");
}

void declare_follow(CLI::App& app, Options& options) {
  ExportOptions& exporting = options.exporting;
  app.add_option("STORE", options.what, "A directory, s3://bucket/prefix, or https://host/path")->required();
  add_export_options(app, options);
  app.add_option("-o,--output", options.output, "The file to keep")->required()->type_name("FILE");
  app.add_option("--then", exporting.then, "Run this after each change")->type_name("COMMAND");
  app.add_option("--then-timeout", exporting.then_timeout, "And kill it when it takes longer")->type_name("TIME")->capture_default_str();
  app.add_option("--every", exporting.every, "How often to look")->type_name("TIME")->capture_default_str();
  app.add_flag("--once", exporting.once, "Look once, and end");
  app.add_flag("--allow-empty", exporting.allow_empty, "Write a file of no service over one that has some");
}

int run_export(const Options& options, Output& output) {
  ExportRequest request = request_of(options);
  const Subject subject = open_subject(options.what);
  if (!request.settings.serial && subject.publication) {
    request.settings.serial = static_cast<std::uint32_t>(subject.publication->generation);
  }
  const std::optional<std::string> before = options.output.empty() ? std::nullopt : text_of(options.output);
  const Exported made = make_export(request, subject.snapshot, before);
  const bool is_refused = options.exporting.strict && !made.losses.empty();
  const int status = is_refused ? kNo : write_output(options, made.text, output);
  for (const std::string& loss : made.losses) tell(loss, output);
  if (!made.nothing_selected.empty()) tell("nothing is selected: " + made.nothing_selected, output);
  if (is_refused) tell("refused: --strict lets nothing be lost; nothing is written", output);
  tell_of_rollout(subject, output);
  return status;
}

int run_follow(const Options& options, Output& output) {
  const ExportOptions& exporting = options.exporting;
  FollowRequest request;
  request.what = request_of(options);
  request.file = options.output;
  request.strict = exporting.strict;
  request.allow_empty = exporting.allow_empty;
  request.every = duration_of(exporting.every, "--every");
  request.then = exporting.then;
  request.then_timeout = duration_of(exporting.then_timeout, "--then-timeout");
  // Who reads what has run for weeks asks when.
  const auto stamp = [&exporting] { return exporting.once ? "" : rfc3339(std::chrono::system_clock::now()) + " "; };
  const auto print = [&](const std::string& line) {
    output.text() += stamp() + line + "\n";
    output.flush();
  };
  const auto tell_all = [&](const std::string& message) { tell(message, output, stamp()); };
  Follower follower(open_store(options.what), this_host(), std::move(request), print, tell_all);
  StopSignals signals;
  for (;;) {
    const Follower::Outcome outcome = follower.step(signals);
    if (exporting.once && !signals.came()) {
      return outcome == Follower::Outcome::kGood ? kYes : outcome == Follower::Outcome::kRefused ? kNo : kTrouble;
    }
    if (signals.wait_for(follower.pause())) return kYes;
  }
}

}  // namespace almanac::inspect
