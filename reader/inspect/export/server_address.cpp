#include "inspect/export/server_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "inspect/export/host_name.h"
#include "store/ascii.h"

namespace almanac::inspect {
namespace {

constexpr std::string_view kLeftOut = "left out";

// Whose authority, where they have one, is a bucket, a queue, a table or a folder: nothing that a name server knows.
constexpr std::array<std::string_view, 14> kHostless = {"arn", "dynamodb", "file", "gs",  "kinesis", "lambda", "s3",
                                                        "s3a", "s3n",      "sns",  "sqs", "ssm",     "unix",   "urn"};

std::optional<HostKind> host_kind(std::string_view host) {
  const std::string text(host);
  std::array<unsigned char, sizeof(in6_addr)> address{};
  if (::inet_pton(AF_INET, text.c_str(), address.data()) == 1) return HostKind::kIpv4;
  if (::inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return HostKind::kIpv6;
  if (is_host_name(host)) return HostKind::kName;
  return std::nullopt;
}

// What stands behind the scheme and its slashes: "user@host:80/path?query".
std::string_view behind_scheme(const Endpoint& endpoint) {
  std::string_view rest = endpoint.uri().substr(endpoint.scheme().size());
  rest.remove_prefix(std::min<std::size_t>(rest.size(), 3));
  return rest;
}

}  // namespace

std::string ServerAddress::host_and_port() const {
  std::string text = kind == HostKind::kIpv6 ? "[" + std::string(host) + "]" : std::string(host);
  return text + ":" + std::to_string(port.value());
}

bool ServerAddress::is_encrypted() const {
  const std::string lower = internal::lower_case(scheme);
  return lower == "https" || lower == "wss";
}

std::string_view ServerAddress::http_scheme() const {
  const std::string lower = internal::lower_case(scheme);
  if (lower == "http") return "http";
  return lower == "https" ? "https" : "";
}

std::optional<ServerAddress> server_address_of(const Endpoint& endpoint, Port port) {
  if (std::ranges::find(kHostless, internal::lower_case(endpoint.scheme())) != kHostless.end()) return std::nullopt;
  const std::optional<HostKind> kind = host_kind(endpoint.host());
  const std::optional<std::uint16_t> number = endpoint.port();
  if (!kind || (port == Port::kNeeded && number.value_or(0) == 0)) return std::nullopt;
  return ServerAddress{*kind, endpoint.host(), number, endpoint.weight(), endpoint.scheme()};
}

void tell_unsaid_rest(const ListedService& service, const Endpoint& endpoint, Losses& losses) {
  const std::string_view rest = behind_scheme(endpoint);
  const std::size_t path = std::min(rest.find_first_of("/?#"), rest.size());
  if (path + 1 < rest.size()) tell_of_endpoint(service, "with a path or query", "that is left out", losses);
  const bool has_user = rest.substr(0, path).find('@') != std::string_view::npos;
  if (has_user) tell_of_endpoint(service, "with a user before the host", "that is left out", losses);
}

std::vector<ServerAddress> addresses_of(const ListedService& service, Port port, Losses& losses) {
  const std::string name = full_name(service);
  std::vector<ServerAddress> addresses;
  std::size_t left_out = 0;
  for (const Endpoint& endpoint : service.service.endpoints()) {
    if (const auto address = server_address_of(endpoint, port)) {
      addresses.push_back(*address);
      tell_unsaid_rest(service, endpoint, losses);
      tell_unsaid_parts(service, endpoint, {.weight = true}, losses);
    } else {
      ++left_out;
    }
  }
  const std::string_view wanted = port == Port::kNeeded ? "host and port" : "a host";
  if (addresses.empty()) {
    losses.add("service", "without an endpoint that has " + std::string(wanted), kLeftOut, name);
    return addresses;
  }
  for (std::size_t i = 0; i < left_out; ++i) losses.add("endpoint", "without " + std::string(wanted), kLeftOut, name);
  return addresses;
}

void leave_out_weightless(const ListedService& service, bool says_value, std::vector<ServerAddress>& addresses, Losses& losses) {
  const std::size_t left_out = std::erase_if(addresses, [](const ServerAddress& address) { return address.weight == 0; });
  for (std::size_t i = 0; i < left_out; ++i) tell_of_endpoint(service, "of weight 0", kLeftOut, losses);
  if (left_out != 0 && addresses.empty() && !says_value) {
    losses.add("service", "without an endpoint of a weight", kLeftOut, full_name(service));
  }
}

}  // namespace almanac::inspect
