// The parts of an http or https address, as libcurl will understand them when it sends the request.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace almanac::internal {

struct Url {
  std::string scheme;     // "http" or "https"
  std::string host;       // without the brackets of an IPv6 address
  std::string authority;  // host and port as the Host header has them: without the scheme's own port
  std::string path;       // from the first "/" on, as it was written
  std::string query;      // without its "?"
};

// Nothing when it is none, has another scheme, a user's name, a password or a fragment.
[[nodiscard]] std::optional<Url> parse_url(const std::string& text);

// For messages, of any text that was meant to be an address: without a user's name, a password, a query (which may be a signature)
// and a fragment.
[[nodiscard]] std::string without_secrets(std::string_view address);

// Whether plain http to this host stays on the machine, or on the link to the host that runs it: loopback, and the addresses at
// which ECS (169.254.170.2) and EKS (169.254.170.23, fd00:ec2::23) hand out credentials.
[[nodiscard]] bool is_own_machine(const std::string& host);

}  // namespace almanac::internal
