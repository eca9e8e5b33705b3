#include "commands/registrant_argument.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <stdexcept>

#include "inspect/terminal_text.h"
#include "model/field_rules.h"
#include "registrations/registration.h"

namespace almanac::commands {

CLI::Option* add_registrant(CLI::App& command, std::string& registrant) {
  return command.add_option("--registrant", registrant, "Who brings it: a stack, a pipeline, a host")->type_name("WHO");
}

void expect_registrant(const std::string& registrant) {
  if (const model::Fault fault = model::registrant_fault(registrant)) throw std::invalid_argument("--registrant: " + *fault);
}

std::string service_text(std::string_view namespace_name, std::string_view name) {
  return inspect::visible(std::string(namespace_name).append("/").append(name));
}

std::string service_text(std::string_view key) { return inspect::visible(registrations::service_of_key(key)); }

}  // namespace almanac::commands
