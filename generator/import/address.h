// From a host and a port to a uri.
#pragma once

#include <string_view>

#include "import/collector.h"
#include "import/record.h"

namespace almanac::importing {

// The scheme of an address that says none.
inline constexpr std::string_view kDefaultScheme = "tcp";

// "tcp://10.0.1.5:4161", "tcp://[2001:db8::1]:80"; without a port (`port` null, of kind null, empty or 0) "tcp://10.0.1.5". `scheme`
// is what the input says; empty: that of --scheme, or tcp. What is no host (RFC 3986, section 3.2.2) or no port is a problem,
// and the answer a node of kind null.
[[nodiscard]] Node address_uri(std::string_view scheme, const Node& host, const Node* port, Collector& collector);

}  // namespace almanac::importing
