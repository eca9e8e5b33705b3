// Of what documents and registrants say of the same service, one service.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/registry.h"

namespace almanac::model {

// The last files of the registry, as many as there are `registrants`, are of one registrant each, whose names ascend in byte order.
// A service of a document stays as it is, and what is registered under its name does not count. Of one that only registrants have,
// the endpoints follow each other in the order of the registrants, tags are united, and of value, description and each attribute
// the first one counts. To be called before validate().
//
// Gives a line for each service of a document that is registered too, and for all that differs from what counts; by namespaces and
// names in byte order. Registrants with whom a service would have more than it may are left out, which is such a line too: from the first of
// them on, but never the very first, whom validate() judges.
[[nodiscard]] std::vector<std::string> merge_registered(Registry& registry, std::span<const std::string_view> registrants);

}  // namespace almanac::model
