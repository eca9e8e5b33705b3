// Names for the things of a server's configuration that stand for services.
#pragma once

#include <string>
#include <string_view>

namespace almanac::inspect {

// "almanac-users": what is before the name keeps it apart from whatever else a configuration names ("localhost", say). Letters, digits,
// dots, hyphens and underscores stay, any other byte becomes an underscore: different services may get one identifier (claimed_names.h).
[[nodiscard]] std::string identifier_of(std::string_view name);

}  // namespace almanac::inspect
