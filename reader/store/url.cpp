#include "url.h"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>

#include "ascii.h"

namespace almanac::internal {

namespace {

// The part; empty when there is none.
std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
  return text;
}

std::array<unsigned char, 16> v6_address(const char* text) {
  std::array<unsigned char, 16> address{};
  ::inet_pton(AF_INET6, text, address.data());
  return address;
}

}  // namespace

std::optional<Url> parse_url(const std::string& text) {
  if (text.find('\0') != std::string::npos) return std::nullopt;
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), &curl_url_cleanup);
  if (!url) throw std::bad_alloc();
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_PATH_AS_IS) != CURLUE_OK) return std::nullopt;
  for (const CURLUPart unwanted : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS, CURLUPART_FRAGMENT}) {
    if (!part_of(url.get(), unwanted).empty()) return std::nullopt;
  }
  Url parts{lower_case(part_of(url.get(), CURLUPART_SCHEME)),
            lower_case(part_of(url.get(), CURLUPART_HOST)),
            {},
            part_of(url.get(), CURLUPART_PATH),
            part_of(url.get(), CURLUPART_QUERY)};
  if ((parts.scheme != "http" && parts.scheme != "https") || parts.host.empty()) return std::nullopt;
  const std::string port = part_of(url.get(), CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
  parts.authority = port.empty() ? parts.host : parts.host + ':' + port;
  if (parts.host.front() == '[') parts.host = parts.host.substr(1, parts.host.size() - 2);
  return parts;
}

std::string without_secrets(std::string_view address) {
  constexpr std::string_view kSchemeEnd = "://";
  const std::size_t scheme_end = address.find(kSchemeEnd);
  const std::size_t begin = scheme_end == std::string_view::npos ? 0 : scheme_end + kSchemeEnd.size();
  const std::string scheme(address.substr(0, begin));
  const std::string_view rest = address.substr(begin);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  const std::size_t at = authority.rfind('@');
  // A password may have one of "/?#" in it, if somebody did not encode it.
  if (at == std::string_view::npos && authority.find(':') != std::string_view::npos && rest.find('@') != std::string_view::npos) {
    return scheme + "…";
  }
  const std::string_view shown = rest.substr(at == std::string_view::npos ? 0 : at + 1);
  return scheme + std::string(shown.substr(0, shown.find_first_of("?#")));
}

bool is_own_machine(const std::string& host) {
  if (host == "localhost") return true;
  std::array<unsigned char, 4> v4{};
  if (::inet_pton(AF_INET, host.c_str(), v4.data()) == 1) {
    return v4[0] == 127 || host == "169.254.170.2" || host == "169.254.170.23";
  }
  std::array<unsigned char, 16> v6{};
  if (::inet_pton(AF_INET6, host.c_str(), v6.data()) != 1) return false;
  return v6 == v6_address("::1") || v6 == v6_address("fd00:ec2::23");
}

}  // namespace almanac::internal
