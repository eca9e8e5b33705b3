// In which AWS region an endpoint is.
#pragma once

#include <string_view>

#include <almanac/service.h>

namespace almanac::inspect {

// What the first of these says: the attribute "region" of the endpoint, then of the service; the name of the host, where it is API Gateway's
// (…execute-api.us-east-1.amazonaws.com); the zone, where it is one of AWS (us-east-1a is in us-east-1). Empty: none does. Borrowed.
[[nodiscard]] std::string_view aws_region_of(const Service& service, const Endpoint& endpoint);

}  // namespace almanac::inspect
