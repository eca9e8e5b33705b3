// What commands about registrations share: who registered, and how a service is named to people.
#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace almanac::commands {

// Adds --registrant.
CLI::Option* add_registrant(CLI::App& command, std::string& registrant);
// Throws std::invalid_argument.
void expect_registrant(const std::string& registrant);

// "prod/users", fit for a terminal.
[[nodiscard]] std::string service_text(std::string_view namespace_name, std::string_view name);
// The same from the key of a registration.
[[nodiscard]] std::string service_text(std::string_view key);

}  // namespace almanac::commands
