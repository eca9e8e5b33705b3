#include "inspect/export/aws_region.h"

#include <algorithm>

#include "store/ascii.h"

namespace almanac::inspect {
namespace {

constexpr bool is_small_letter(char c) { return c >= 'a' && c <= 'z'; }

// The begin of `text` that reads as the name of a region, "us-gov-east-1": two letters, words, a number, with hyphens between.
std::string_view leading_region(std::string_view text) {
  std::size_t words = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('-', begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    const std::size_t digits = static_cast<std::size_t>(std::ranges::find_if_not(word, internal::is_ascii_digit) - word.begin());
    if (digits > 0) return words >= 2 ? text.substr(0, begin + digits) : std::string_view();
    if (word.empty() || !std::ranges::all_of(word, is_small_letter) || (words == 0 && word.size() != 2)) return {};
    ++words;
    begin = end + 1;
  }
  return {};
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html; those of a VPC end in vpce.amazonaws.com.
std::string_view region_of_host(std::string_view host) {
  constexpr std::string_view kGateway = ".execute-api.";
  const std::size_t at = host.find(kGateway);
  if (at == std::string_view::npos || (!host.ends_with(".amazonaws.com") && !host.ends_with(".amazonaws.com.cn"))) return {};
  const std::string_view rest = host.substr(at + kGateway.size());
  const std::string_view label = rest.substr(0, rest.find('.'));
  return leading_region(label) == label ? label : std::string_view();
}

// us-east-1a, the region itself, and places beyond it: us-west-2-lax-1a, us-east-1-wl1-bos-wlz-1.
std::string_view region_of_zone(std::string_view zone) {
  const std::string_view region = leading_region(zone);
  const std::string_view rest = zone.substr(region.size());
  return rest.empty() || rest.front() == '-' || (rest.size() == 1 && is_small_letter(rest.front())) ? region : std::string_view();
}

}  // namespace

std::string_view aws_region_of(const Service& service, const Endpoint& endpoint) {
  for (const Attributes& attributes : {endpoint.attributes(), service.attributes()}) {
    if (const auto region = attributes.find("region")) return *region;
  }
  const std::string_view region = region_of_host(endpoint.host());
  return region.empty() ? region_of_zone(endpoint.zone()) : region;
}

}  // namespace almanac::inspect
