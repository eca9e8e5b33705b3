// The body of a DNS zone (RFC 1035, section 5), relative to whatever name a server gives it. A service is a name (host_name.h) with
// the addresses of its endpoints, a CNAME when its only host is a name, and its value as TXT. Ports and weights are in SRV records
// (RFC 2782), whose targets need names with addresses: each address gets one below the service's.
//
//   users IN A 10.0.0.1
//   _http._tcp.users IN SRV 0 3 80 10-0-0-1.users
//   10-0-0-1.users IN A 10.0.0.1
//
// An endpoint of weight 0, which nobody is to be sent to, has no record, and that is told.
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "inspect/export/claimed_names.h"
#include "inspect/export/formats.h"
#include "inspect/export/host_name.h"
#include "inspect/export/server_address.h"

namespace almanac::inspect {
namespace {

constexpr std::string_view kStartOfAuthority = "@ IN SOA ";
// RFC 1035, section 3.3: of one string; and a record and its surroundings have 65,535 in a message.
constexpr std::size_t kMaxString = 255;
constexpr std::size_t kMaxTxtText = 64'000;

void append_start(std::string& text, const ExportSettings& settings) {
  std::string server = settings.name_server;
  if (!is_host_name(server)) throw Error(ErrorCode::kInvalidArgument, "--name-server", "takes the name of a host, got \"" + server + "\"");
  if (!server.ends_with('.')) server += '.';
  if (!settings.serial) {
    throw Error(ErrorCode::kInvalidArgument, "zone",
                "a zone has a serial that grows with each change, and a file has no generation: give --serial");
  }
  const std::string ttl = std::to_string(settings.ttl.count());
  text += "; Made by inspect-snapshot: change the registry, not this file.\n";
  text.append("$TTL ").append(ttl).append("\n");
  // Secondaries ask each minute, try again each minute, and serve what they have for a week.
  text.append(kStartOfAuthority).append(server).append(" hostmaster.").append(server).append(" ");
  text.append(std::to_string(*settings.serial)).append(" 60 60 604800 ").append(ttl).append("\n");
  text.append("@ IN NS ").append(server).append("\n");
}

// A label that is this address: 10-0-0-1, 2001-0db8-0000-0000-0000-0000-0000-0001.
std::string address_label(const ServerAddress& address) {
  std::string label(address.host);
  if (address.kind == HostKind::kIpv4) {
    std::ranges::replace(label, '.', '-');
    return label;
  }
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  (void)::inet_pton(AF_INET6, label.c_str(), bytes.data());
  constexpr std::string_view kDigits = "0123456789abcdef";
  label.clear();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i != 0 && i % 2 == 0) label += '-';
    label += kDigits[bytes[i] >> 4U];
    label += kDigits[bytes[i] & 15U];
  }
  return label;
}

// The strings of a TXT record, each in quotes: RFC 1035, section 5.1.
std::string txt_strings(std::string_view value) {
  std::string strings;
  do {
    strings += strings.empty() ? "\"" : " \"";
    for (const char c : value.substr(0, kMaxString)) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        strings.append(1, '\\').append(1, c);
      } else if (byte >= 0x20 && byte < 0x7F) {
        strings += c;
      } else {
        const std::string digits = std::to_string(byte);
        strings.append(1, '\\').append(3 - digits.size(), '0').append(digits);
      }
    }
    strings += '"';
    value.remove_prefix(std::min(value.size(), kMaxString));
  } while (!value.empty());
  return strings;
}

// "_http._tcp", or "_udp._udp"; nothing where the scheme, and an underscore before it, is no label.
std::optional<std::string> srv_prefix(std::string_view scheme) {
  const std::optional<std::string> label = dns_name(scheme);
  if (!label || label->size() == kMaxLabel || label->find('.') != std::string::npos) return std::nullopt;
  return "_" + *label + (*label == "udp" ? "._udp" : "._tcp");
}

// The records of one service, each once.
class ServiceRecords {
 public:
  ServiceRecords(const ListedService& service, std::string name, ClaimedNames& names, Losses& losses)
      : service_(service), name_(std::move(name)), names_(names), losses_(losses) {
    names_.claim(name_, service_);
  }

  void add_addresses(const std::vector<ServerAddress>& addresses) {
    for (const ServerAddress& address : addresses) {
      if (address.kind == HostKind::kName) {
        hosts_.insert(absolute(address.host));
      } else {
        add(name_ + address_record(address));
      }
    }
    for (const ServerAddress& address : addresses) add_service_record(address);
  }

  void add_value(std::string_view value) {
    if (value.size() > kMaxTxtText) {
      losses_.add("service", "with a value of more than 64,000 bytes", "that is left out", full_name(service_));
      return;
    }
    add(name_ + " IN TXT " + txt_strings(value));
  }

  // A CNAME stands alone: RFC 1034, section 3.6.2.
  void add_alias() {
    if (hosts_.empty()) return;
    if (hosts_.size() == 1 && !has_own_) {
      add(name_ + " IN CNAME " + *hosts_.begin());
    } else {
      losses_.add("service", "with a name among its hosts and something beside it", "only SRV records have that name", full_name(service_));
    }
  }

  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  static std::string absolute(std::string_view host) { return std::string(host) + (host.ends_with('.') ? "" : "."); }
  static std::string address_record(const ServerAddress& address) {
    return (address.kind == HostKind::kIpv4 ? " IN A " : " IN AAAA ") + std::string(address.host);
  }

  void add_service_record(const ServerAddress& address) {
    const std::optional<std::string> prefix = srv_prefix(address.scheme);
    if (!address.port || !prefix) {
      losses_.add("endpoint", "without a port, or with a scheme that is no label", "no SRV record has it", full_name(service_));
      return;
    }
    std::string target = absolute(address.host);
    if (address.kind != HostKind::kName) {
      target = address_label(address) + "." + name_;
      names_.claim(target, service_);
      add(target + address_record(address));
    }
    add(*prefix + "." + name_ + " IN SRV 0 " + std::to_string(address.weight) + " " + std::to_string(*address.port) + " " + target);
  }

  void add(const std::string& record) {
    if (record.starts_with(name_ + " ")) has_own_ = true;
    if (records_.insert(record).second) text_.append(record).append("\n");
  }

  const ListedService& service_;
  std::string name_;
  ClaimedNames& names_;
  Losses& losses_;
  std::set<std::string> hosts_;    // that are names
  std::set<std::string> records_;  // that are in the text
  std::string text_;
  bool has_own_ = false;  // a record of the service's very name
};

}  // namespace

void write_zone(const ExportInput& input, std::string& text, Losses& losses) {
  append_start(text, input.settings);
  ClaimedNames names("zone");
  for (const ListedService& service : input.listed.services) {
    const std::optional<std::string_view> value = service.service.value();
    const std::optional<std::string> name = dns_name(input.name_of(service));
    if (!name) {
      losses.add("service", "with a name that is none in DNS", "left out", full_name(service));
      continue;
    }
    const bool is_value_alone = value && service.service.endpoints().empty();
    std::vector<ServerAddress> addresses = is_value_alone ? std::vector<ServerAddress>() : addresses_of(service, Port::kNotNeeded, losses);
    leave_out_weightless(service, value.has_value(), addresses, losses);
    if (addresses.empty() && !value) continue;
    tell_unsaid_fields(service, {.value = true}, losses);
    ServiceRecords records(service, *name, names, losses);
    records.add_addresses(addresses);
    if (value) records.add_value(*value);
    records.add_alias();
    text += records.text();
  }
}

std::optional<std::uint32_t> serial_of_zone(std::string_view text) {
  const std::size_t begin = text.find(kStartOfAuthority);
  if (begin == std::string_view::npos) return std::nullopt;
  std::string_view rest = text.substr(begin + kStartOfAuthority.size());
  rest = rest.substr(0, rest.find('\n'));
  for (int name = 0; name < 2; ++name) {
    const std::size_t blank = rest.find(' ');
    if (blank == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(blank + 1);
  }
  std::uint32_t serial = 0;
  const auto [end, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), serial);
  return failure == std::errc() ? std::optional(serial) : std::nullopt;
}

}  // namespace almanac::inspect
