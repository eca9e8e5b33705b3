#include "commands/registrations.h"

#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>
#include <memory>
#include <tuple>

#include "commands/registrant_argument.h"
#include "commands/store_argument.h"
#include "inspect/json_text.h"
#include "inspect/output.h"
#include "inspect/quantity.h"
#include "inspect/terminal_text.h"
#include "inspect/text_table.h"
#include "inspect/time_span.h"
#include "registrations/registered.h"

namespace almanac::commands {
namespace {

using registrations::Registered;
using std::chrono::seconds;
using std::chrono::system_clock;

constexpr const char* kRegistrationsFooter = R"(
The age counts from when it was last registered or renewed, by the store's clock, and is judged by the clock of this machine. What has run out
is no longer in the next snapshot that is published with the registrations, and goes for good with prune.
With --json an object a registration: namespace, name, registrant, key, modified, age and, where it has one, lease in seconds, lapsed, and the
service as dump prints it.
Exit status: 0 done, also when there is none; 1 something under registrations/ is none, and is named on stderr; 2 there is no store, or it could not be read.

Examples:
  generate-snapshot registrations /srv/acme
  generate-snapshot registrations /srv/acme -n prod --registrant stack/users-prod
  generate-snapshot registrations /srv/acme --json | jq 'select(.lapsed)')";

struct RegistrationsOptions {
  std::string store;
  std::string namespace_name;
  std::string registrant;
  bool json = false;
};

// Not below zero, where the clocks differ.
seconds age_of(const Registered& registered, system_clock::time_point now) {
  return std::max(std::chrono::floor<seconds>(now) - std::chrono::floor<seconds>(registered.modified), seconds(0));
}

std::string span(seconds span) { return span == seconds(0) ? "0 s" : inspect::span_text(span); }

std::string remains(const Registered& registered, system_clock::time_point now) {
  if (!registered.registration.lease) return "for ever";
  const seconds rest = *registered.registration.lease - age_of(registered, now);
  return registered.lapsed ? "ran out " + span(-rest) + " ago" : span(rest);
}

void print_text(const std::vector<Registered>& all, system_clock::time_point now, inspect::Output& output) {
  using Align = inspect::TableColumn::Align;
  constexpr std::array<inspect::TableColumn, 6> kTable = {
      {{"namespace"}, {"name"}, {"registrant"}, {"age", Align::kRight}, {"lease", Align::kRight}, {"remains"}}};
  append_table(output, kTable, all.size(), [&](std::size_t row, std::vector<std::string>& cells) {
    const registrations::Registration& said = all[row].registration;
    cells[0] = inspect::visible(said.namespace_name);
    cells[1] = inspect::visible(said.name);
    cells[2] = inspect::visible(said.registrant);
    cells[3] = span(age_of(all[row], now));
    cells[4] = said.lease ? registrations::lease_text(*said.lease) : "";
    cells[5] = remains(all[row], now);
  });
}

void print_json(const Registered& registered, system_clock::time_point now, inspect::Output& output) {
  const registrations::Registration& said = registered.registration;
  std::string& text = output.text();
  inspect::JsonText json(text);
  json.begin_object().key("namespace").string(said.namespace_name).key("name").string(said.name).key("registrant").string(said.registrant);
  json.key("key").string(registered.key).key("modified").string(inspect::rfc3339(registered.modified));
  json.key("age").number(static_cast<std::uint64_t>(age_of(registered, now).count()));
  if (said.lease) json.key("lease").number(static_cast<std::uint64_t>(said.lease->count()));
  json.key("lapsed").boolean(registered.lapsed).key("service");
  text += said.record;
  json.end_object().end_line();
  output.record_done();
}

int run(const RegistrationsOptions& options) {
  progress::ProgressLine line(stderr);
  progress::StoreProgress progress(line);
  const auto store = open_patiently(options.store, progress);
  expect_there(*store);
  const system_clock::time_point now = system_clock::now();
  registrations::ReadOptions reading_options;
  reading_options.now = now;
  registrations::Reading reading = read_registrations(*store, reading_options, progress);
  std::erase_if(reading.registered, [&](const Registered& each) {
    const registrations::Registration& said = each.registration;
    return (!options.namespace_name.empty() && said.namespace_name != options.namespace_name) ||
           (!options.registrant.empty() && said.registrant != options.registrant);
  });
  // That of their keys has "users-prod/…" before "users/…".
  std::ranges::sort(reading.registered, {}, [](const Registered& each) {
    return std::tie(each.registration.namespace_name, each.registration.name, each.registration.registrant);
  });
  inspect::Output output(STDOUT_FILENO);
  if (options.json) {
    for (const Registered& each : reading.registered) print_json(each, now, output);
  } else if (!reading.registered.empty()) {
    print_text(reading.registered, now, output);
  }
  output.flush();
  for (const registrations::Unreadable& each : reading.unreadable) std::cerr << "generate-snapshot: " << each.error.what() << '\n';
  return reading.unreadable.empty() ? kYes : kNo;
}

}  // namespace

void add_registrations(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("registrations", "What is registered in a store, by whom, and for how long yet");
  command->footer(kRegistrationsFooter);
  const auto options = std::make_shared<RegistrationsOptions>();
  add_store_argument(*command, options->store);
  command->add_option("-n,--namespace", options->namespace_name, "Only of this namespace")->type_name("NAMESPACE");
  add_registrant(*command, options->registrant)->description("Only what WHO has registered");
  command->add_flag("--json", options->json, "For programs: an object a registration");
  command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace almanac::commands
