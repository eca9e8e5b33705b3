#include "shared_options.h"

#include <CLI/CLI.hpp>

namespace almanac::inspect {

void add_what(CLI::App& app, Options& options) {
  app.add_option("WHAT", options.what, "A snapshot file, a bundle, a store, or STORE@GENERATION")->required();
}

void add_json(CLI::App& app, Options& options) { app.add_flag("--json", options.json, "For programs: JSON, an object a line"); }

void add_namespace(CLI::App& app, Options& options) {
  app.add_option("-n,--namespace", options.selection.namespace_name, "Of this namespace only")->type_name("NAME");
}

void add_filters(CLI::App& app, Options& options) {
  add_namespace(app, options);
  app.add_option("--prefix", options.selection.prefix, "Only services whose names begin with this")->type_name("TEXT");
  app.add_option("--tag", options.selection.tags, "Only services with this tag; given again, with all of them")
      ->type_name("TAG")
      ->allow_extra_args(false);
}

}  // namespace almanac::inspect
