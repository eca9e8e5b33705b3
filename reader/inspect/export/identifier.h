// Names for the things of a server's configuration that stand for services.
#pragma once

#include <string>
#include <string_view>

namespace almanac::inspect {

// "almanac-users": what is before the name keeps it apart from whatever else a configuration names ("localhost", say). Letters, digits,
// dots, hyphens and underscores stay, any other byte becomes an underscore, and then a digest of the name stands behind, so that no two
// names have one identifier: "almanac-payments_api-0f5a3c…".
[[nodiscard]] std::string identifier_of(std::string_view name);

}  // namespace almanac::inspect
