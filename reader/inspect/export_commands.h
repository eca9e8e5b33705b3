// The commands `export` and `follow`: what each takes, what its --help says, and what it does (commands.h).
#pragma once

#include "commands.h"

namespace almanac::inspect {

// What stands below the table of formats.
inline constexpr const char* kExportHelp =
    "What a format cannot say is told on stderr, a line for each kind of thing; with --strict nothing is written then.\n"
    "-o writes aside and renames; a file that is the same already is not touched, so that nobody reloads in vain.\n"
    "Of several namespaces a service is named NAMESPACE/NAME. reader/EXPORTS.md has what each format makes of a service.\n"
    "Exit status: 0 done, 1 refused by --strict, 2 trouble, as where two names would be one in the format.\n\n"
    "Examples:\n  inspect-snapshot export /srv/acme --format nginx -n prod -o /etc/nginx/conf.d/almanac.conf\n"
    "  inspect-snapshot export acme.almanac --format zone --serial 7 -n prod --tag public";

inline constexpr const char* kFollowHelp =
    "Looks at the store every 10 s, by a conditional request; after failures less and less often, up to every 5 min.\n"
    "No failure touches the file, and each is told once; generations that went back are one: .FILE.generation beside the\n"
    "file has the last one, and removing it lets that through. After a change COMMAND is run by the shell, again\n"
    "and again until it ends with status 0. Of a generation that comes to instances one after another, this is one: the\n"
    "name of the host says which, unless ALMANAC_CALLER has an instance.\n"
    "Ends on SIGTERM and SIGINT, with status 0.\n"
    "Where nothing is selected, a file that has something stays, unless --allow-empty is given.\n"
    "With --once it looks once and ends, for a timer: 0 done, 1 refused (--strict, or empty), 2 trouble or the command failed.\n\n"
    "Examples:\n  inspect-snapshot follow s3://acme-registry/live --format nginx -n prod \\\n"
    "    -o /etc/nginx/conf.d/almanac.conf --then \"nginx -s reload\"\n"
    "  inspect-snapshot follow /srv/acme --format zone -n prod -o /etc/nsd/acme.zone --then \"nsd-control reload\" --once";

void declare_export(CLI::App& app, Options& options);
void declare_follow(CLI::App& app, Options& options);
[[nodiscard]] int run_export(const Options& options, Output& output);
[[nodiscard]] int run_follow(const Options& options, Output& output);

}  // namespace almanac::inspect
