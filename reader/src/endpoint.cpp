#include <almanac/endpoint.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include "index.h"
#include "namespace_data.h"

namespace almanac {

namespace {

struct Authority {
  std::string_view host;
  std::string_view port;
};

// What stands between "//" and the path, less the user information (RFC 3986, section 3.2).
Authority authority_of(std::string_view uri, std::size_t scheme_size) noexcept {
  const std::string_view rest = uri.substr(scheme_size);
  if (!rest.starts_with("://")) return {};
  std::string_view authority = rest.substr(3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  authority.remove_prefix(authority.rfind('@') + 1);  // npos + 1 is 0
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return {};
    const std::string_view behind = authority.substr(close + 1);
    return {authority.substr(1, close - 1), behind.starts_with(':') ? behind.substr(1) : std::string_view()};
  }
  const std::size_t colon = authority.rfind(':');
  if (colon == std::string_view::npos) return {authority, {}};
  return {authority.substr(0, colon), authority.substr(colon + 1)};
}

struct KnownPort {
  std::string_view scheme;
  std::uint16_t port;
};

// RFC 9110, sections 4.2.1 and 4.2.2; RFC 6455, section 3.
constexpr std::array<KnownPort, 4> kKnownPorts = {{{"http", 80}, {"https", 443}, {"ws", 80}, {"wss", 443}}};

// Letters of a scheme may be of either case (RFC 3986, section 3.1).
bool same_scheme(std::string_view scheme, std::string_view lower_case) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(scheme, lower_case, {}, lower);
}

}  // namespace

std::string_view Endpoint::scheme() const noexcept {
  const std::size_t colon = uri_.find(':');
  return colon == std::string_view::npos ? std::string_view() : uri_.substr(0, colon);
}

std::string_view Endpoint::host() const noexcept { return authority_of(uri_, scheme().size()).host; }

std::optional<std::uint16_t> Endpoint::port() const noexcept {
  const std::string_view name = scheme();
  const Authority authority = authority_of(uri_, name.size());
  if (!authority.port.empty()) {
    std::uint16_t port = 0;
    const char* const end = authority.port.data() + authority.port.size();
    const auto [stop, error] = std::from_chars(authority.port.data(), end, port);
    return error == std::errc() && stop == end ? std::optional(port) : std::nullopt;
  }
  if (authority.host.empty()) return std::nullopt;
  for (const KnownPort& known : kKnownPorts) {
    if (same_scheme(name, known.scheme)) return known.port;
  }
  return std::nullopt;
}

std::string_view Endpoint::version() const noexcept {
  if (data_ == nullptr) return {};
  return data_->frame().label(data_->frame().endpoint_version[number_]);
}

std::string_view Endpoint::zone() const noexcept {
  if (data_ == nullptr) return {};
  return data_->frame().label(data_->frame().endpoint_zone[number_]);
}

std::uint16_t Endpoint::weight() const noexcept {
  // Stored with the last bit turned, so that a column of the default weight is all zero.
  const std::uint32_t stored = data_ == nullptr ? 0 : data_->frame().endpoint_weight[number_];
  return static_cast<std::uint16_t>(stored ^ 1U);
}

Tags Endpoint::tags() const noexcept {
  if (data_ == nullptr) return {};
  return Tags(data_->frame().tag_sets[data_->frame().endpoint_tags[number_]]);
}

Attributes Endpoint::attributes() const noexcept {
  if (data_ == nullptr) return {};
  return Attributes(data_->frame().attribute_sets[data_->frame().endpoint_attributes[number_]]);
}

Endpoints::Endpoints(const internal::NamespaceData* data, std::string_view first_uri, std::uint32_t number) noexcept {
  first_.endpoint_.data_ = data;
  first_.endpoint_.uri_ = first_uri;
  first_.endpoint_.number_ = number;
}

Endpoints::iterator& Endpoints::iterator::operator++() noexcept {
  const char* mark = endpoint_.uri_.data() + endpoint_.uri_.size();
  if (*mark != internal::kUriMark) {
    endpoint_ = {};
    return *this;
  }
  const char* next = internal::next_mark(mark + 1);
  endpoint_.uri_ = {mark + 1, static_cast<std::size_t>(next - mark - 1)};
  ++endpoint_.number_;
  return *this;
}

std::size_t Endpoints::size() const noexcept { return static_cast<std::size_t>(std::distance(begin(), end())); }

}  // namespace almanac
