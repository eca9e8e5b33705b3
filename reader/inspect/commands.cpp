#include "commands.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include <CLI/CLI.hpp>

#include "diff.h"
#include "dump.h"
#include "explain.h"
#include "export_commands.h"
#include "get.h"
#include "layout_account.h"
#include "list.h"
#include "notes.h"
#include "print_diff.h"
#include "print_explain.h"
#include "print_json.h"
#include "print_requirements.h"
#include "print_rollouts.h"
#include "print_text.h"
#include "quantity.h"
#include "question.h"
#include "requirements.h"
#include "rollouts.h"
#include "shared_options.h"
#include "subject.h"
#include "summary.h"
#include "verify.h"
#include "write_bundle.h"

namespace almanac::inspect {
namespace {

template <typename Report>
void print(const Report& report, const Options& options, Output& output) {
  if (options.json) {
    print_json(report, output);
  } else {
    print_text(report, output);
  }
}

int run_summary(const Options& options, Output& output) {
  print(summarize(open_subject(options.what), options.selection), options, output);
  return kYes;
}

int run_list(const Options& options, Output& output) {
  const Subject subject = open_subject(options.what);
  print(list(subject.snapshot, options.selection), options, output);
  tell_of_rollout(subject, output);
  return kYes;
}

int run_get(const Options& options, Output& output) {
  const Subject subject = open_subject(options.what);
  const GetReport report = get(subject.snapshot, options.names, options.selection);
  print(report, options, output);
  for (const Miss& miss : report.misses) tell(message_of(miss, options.selection, options.what), output);
  tell_of_rollout(subject, output);
  return report.misses.empty() ? kYes : kNo;
}

int run_dump(const Options& options, Output& output) {
  dump(open_subject(options.what).snapshot, options.selection, output);
  return kYes;
}

// "auto" is: on a terminal that can, unless the user wishes for none anywhere (https://no-color.org).
bool wants_colours(const Options& options) {
  if (options.colour != "auto") return options.colour == "always";
  const char* const no_color = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  const bool refused = no_color != nullptr && *no_color != '\0';
  const bool capable = terminal != nullptr && std::string_view(terminal) != "dumb";
  return !refused && capable && ::isatty(STDOUT_FILENO) == 1;
}

int run_diff(const Options& options, Output& output) {
  const DiffReport report = diff(open_subject(options.what).snapshot, open_subject(options.other).snapshot, options.selection);
  if (options.json) {
    print_json(report, output);
  } else {
    print_text(report, wants_colours(options), output);
  }
  return report.same() ? kYes : kNo;
}

int run_verify(const Options& options, Output& output) {
  const VerifyReport report = verify(options.what, internal::moment_of(std::chrono::system_clock::now()));
  print(report, options, output);
  return report.damage ? kNo : kYes;
}

int run_layout(const Options& options, Output& output) {
  print(lay_out(open_subject(options.what).snapshot), options, output);
  return kYes;
}

int run_bundle(const Options& options, Output& output) {
  const Subject subject = open_subject(options.what);
  write_bundle(subject, options.output);
  output.text() += options.output + ": snapshot " + subject.snapshot.id();
  if (subject.publication) output.text() += " as generation " + std::to_string(subject.publication->generation);
  output.text() += ", " + counted(std::filesystem::file_size(options.output), "byte") + "\n";
  tell(rollout_warning(subject, internal::moment_of(std::chrono::system_clock::now())), output);
  return kYes;
}

int run_check(const Options& options, Output& output) {
  const Subject subject = open_subject(options.what);
  const RequirementsReport report =
      check_requirements(subject.snapshot, subject.name, *options.selection.namespace_name, options.requirements);
  print(report, options, output);
  tell_of_rollout(subject, output);
  return report.unmet.empty() ? kYes : kNo;
}

int run_explain(const Options& options, Output& output) {
  Question question;
  question.name = options.names.front();
  question.key = options.key;
  question.at = moment_asked(options.at);
  question.named_in_call = options.selection.namespace_name;
  set_caller(question, options.caller);
  const ExplainReport report = explain(open_subject(options.what), std::move(question));
  print(report, options, output);
  for (const std::string& note : report.notes) tell(note, output);
  return report.has_service() ? kYes : kNo;
}

int run_rollouts(const Options& options, Output& output) {
  const internal::Moment at = moment_asked(options.at);
  print(find_rollouts(open_subject(options.what), at), options, output);
  return kYes;
}

void declare_plain(CLI::App& app, Options& options) {
  add_what(app, options);
  add_json(app, options);
}

void declare_summary(CLI::App& app, Options& options) {
  declare_plain(app, options);
  add_namespace(app, options);
}

void declare_list(CLI::App& app, Options& options) {
  declare_plain(app, options);
  add_filters(app, options);
}

void declare_get(CLI::App& app, Options& options) {
  add_what(app, options);
  app.add_option("NAME", options.names, "Names of services, each looked up in every namespace unless -n says which")->required();
  add_json(app, options);
  add_namespace(app, options);
}

void declare_diff(CLI::App& app, Options& options) {
  app.add_option("OLD", options.what, "A snapshot file, a bundle, a store, or STORE@GENERATION")->required();
  app.add_option("NEW", options.other, "Another one")->required();
  add_json(app, options);
  add_filters(app, options);
  app.add_option("--color", options.colour, "auto: on a terminal, unless NO_COLOR is set")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
}

void declare_bundle(CLI::App& app, Options& options) {
  add_what(app, options);
  app.add_option("-o,--output", options.output, "The file to write")->required()->type_name("FILE");
}

void add_at(CLI::App& app, Options& options) {
  app.add_option("--at", options.at, "At this moment, in RFC 3339; now when not given")->type_name("TIME");
}

void declare_check(CLI::App& app, Options& options) {
  add_what(app, options);
  app.add_option("--requires", options.requirements, "The names, one a line; - is standard input")->required()->type_name("FILE");
  app.add_option("-n,--namespace", options.selection.namespace_name, "The namespace that must have them")->required()->type_name("NAME");
  add_json(app, options);
}

void declare_explain(CLI::App& app, Options& options) {
  add_what(app, options);
  app.add_option("NAME", options.names, "Name of a service")->required()->expected(1);
  app.add_option("--caller", options.caller, "Who asks: role=…,tag.stage=…, or \"environment\": what this process knows of itself")
      ->type_name("CALLER");
  app.add_option("--key", options.key, "What the call gives to rollouts that go by a key")->type_name("TEXT");
  add_at(app, options);
  add_json(app, options);
  app.add_option("-n,--namespace", options.selection.namespace_name, "As if the call named this one")->type_name("NAME");
}

void declare_rollouts(CLI::App& app, Options& options) {
  add_what(app, options);
  add_at(app, options);
  add_json(app, options);
}

constexpr Command kCommands[] = {
    {"summary", "What it is, and how large each namespace is",
     "Small namespaces share a compressed frame; what is shown for one of them is its share.\n"
     "With --json one object: sizes in bytes, times in RFC 3339.\n\n"
     "Example:\n  inspect-snapshot summary /srv/acme",
     declare_summary, run_summary},
    {"list", "The services, one a line",
     "Name, number of endpoints, tags, and the first endpoint's uri or else the value.\n\n"
     "Examples:\n  inspect-snapshot list acme.almanac -n prod --prefix payments/\n"
     "  inspect-snapshot list acme.almanac --tag pci --tag critical",
     declare_list, run_list},
    {"get", "Everything about the named services",
     "With --json one record of JSON Lines for each, as dump prints them.\n"
     "Exit status: 0 all found, 1 a name is missing (near ones are suggested on stderr), 2 trouble.\n\n"
     "Examples:\n  inspect-snapshot get /srv/acme user-management-service -n prod\n"
     "  inspect-snapshot get acme.almanac nsqlookupd --json",
     declare_get, run_get},
    {"check", "Whether a namespace has what a function needs",
     "A line of FILE is a name, and behind it, where only some versions will do, a range such as ^2.1 or >=1 <3, which at\n"
     "least one endpoint must be in. A name with blanks stands in double quotes; # begins a comment. What is not there is\n"
     "told by line, with near names; with --json an object for each: versions are some that the service has instead. An\n"
     "endpoint of weight 0 does not count: nobody should call it.\n"
     "Exit status: 0 all is there, 1 something is not, 2 trouble: a line is none of these, FILE has no name in it, or\n"
     "there is no such namespace.\n\n"
     "Examples:\n  inspect-snapshot check s3://acme-registry/live --requires needs.txt -n prod\n"
     "  printf '%s\\n' users 'payments/api ^2.1' | inspect-snapshot check acme.almanac --requires - -n prod",
     declare_check, run_check},
    {"explain", "Which namespace and service a caller gets, and why",
     "The answer, then each caller rule in turn: what it wants and what the caller has, where its rollouts stand, and when\n"
     "this caller moves. Of a store whose generation comes in phases, the one that this instance has by then.\n"
     "With --caller environment the caller is what the variables of this process say, ALMANAC_CALLER and ALMANAC_NAMESPACE\n"
     "too. A comma or backslash of a value has a backslash before it. In JSON shares and buckets are millionths.\n"
     "Exit status: 0 the service is there, 1 it is not or nothing gives a namespace, 2 trouble.\n\n"
     "Examples:\n  inspect-snapshot explain /srv/acme payments/api --caller role=checkout,instance=i-0abc\n"
     "  inspect-snapshot explain /srv/acme payments/api --caller environment --at 2026-11-20T09:14:00Z --json",
     declare_explain, run_explain},
    {"rollouts", "Where the rollouts stand, drawn over time",
     "Those of the caller rules, and that of a store's generation that comes in phases.\n"
     "With --json an object for each: its stages, shares in millionths.\n\n"
     "Example:\n  inspect-snapshot rollouts /srv/acme --at 2026-11-20T09:14:00Z",
     declare_rollouts, run_rollouts},
    {"dump", "All of it as JSON Lines, from which the same snapshot can be built",
     "A line {\"registry\":…,\"revision\":…} where either is known, a line {\"callers\":[…]} where there are rules about\n"
     "callers, then one line for each service, in byte order of namespaces and names. With -n, --prefix or --tag that\n"
     "part of it, without the rules. --json changes nothing.\n\n"
     "Example:\n  inspect-snapshot dump acme.almanac > acme.jsonl && generate-snapshot build acme.jsonl -o copy.almanac",
     declare_list, run_dump},
    {"diff", "What became different from OLD to NEW",
     "Exit status: 0 the same rules about callers and the same namespaces with the same services, 1 different,\n"
     "2 trouble. The registry's name and its revision are shown when they differ and do not count. Rules and\n"
     "endpoints are lists: their order does count. With --prefix or --tag only such services are compared; one that\n"
     "has the tags in OLD or in NEW is. With these or -n rules are not.\n\n"
     "Examples:\n  inspect-snapshot diff /srv/acme@7 /srv/acme\n  inspect-snapshot diff /srv/acme new.almanac -n prod",
     declare_diff, run_diff},
    {"verify", "Whether every byte is as it was written",
     "Checks every digest, and that every service is found by its name and counted. Of a store whose generation comes to\n"
     "instances one after another, also what the others have.\n"
     "Exit status: 0 intact, 1 damaged or cut short, 2 trouble: it cannot be read, is no snapshot at all, or is made\n"
     "for a newer program.\n\n"
     "Example:\n  inspect-snapshot verify acme.almanac",
     declare_plain, run_verify},
    {"layout", "Where every byte went",
     "The parts of the file, whose stored sizes sum to its size, and what the frames hold.\n\n"
     "Example:\n  inspect-snapshot layout acme.almanac",
     declare_plain, run_layout},
    {"bundle", "One file for a function to carry along and fall back on",
     "What is live, whole and with its generation: ALMANAC_BUNDLED names it where neither the store nor the cache has\n"
     "anything to serve. Written aside and renamed, once every byte has been checked. While a generation comes to instances\n"
     "one after another, the bundle has it all the same, and stderr names the one before, which the others have.\n\n"
     "Examples:\n  inspect-snapshot bundle s3://acme-registry/live -o acme.bundle\n"
     "  inspect-snapshot summary acme.bundle",
     declare_bundle, run_bundle},
    {"export", "What another program reads: a server's configuration, a DNS zone", kExportHelp, declare_export, run_export},
    {"follow", "Keeps such a file as what is live in a store has it", kFollowHelp, declare_follow, run_follow},
};

}  // namespace

std::span<const Command> commands() noexcept { return kCommands; }

}  // namespace almanac::inspect
