#include <almanac/service.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "pick.h"

namespace almanac {

namespace {

// Of what is asked for, the version is dearest to look at.
bool matches(const EndpointFilter& filter, const Endpoint& endpoint) noexcept {
  if (!filter.zone.empty() && endpoint.zone() != std::string_view(filter.zone)) return false;
  for (const std::string_view tag : filter.tags) {
    if (!tag.empty() && !endpoint.tags().contains(tag)) return false;
  }
  for (const Attribute& attribute : filter.attributes) {
    if (!attribute.key.empty() && endpoint.attributes().find(attribute.key) != attribute.value) return false;
  }
  return filter.version.empty() || filter.version.contains(endpoint.version());
}

}  // namespace

MatchingEndpoints::MatchingEndpoints(const Endpoints& endpoints, const EndpointFilter& filter) noexcept
    : endpoints_(endpoints), filter_(filter) {
  const FilterText zone = std::exchange(filter_.prefer_zone, {});
  if (zone.empty() || !filter.zone.empty()) return;
  filter_.zone = zone;
  if (std::none_of(begin(), end(), [](const Endpoint& endpoint) { return endpoint.weight() != 0; })) filter_.zone = {};
}

void MatchingEndpoints::iterator::skip_others() noexcept {
  while (at_ != Endpoints::iterator() && !matches(*filter_, *at_)) ++at_;
}

MatchingEndpoints::iterator& MatchingEndpoints::iterator::operator++() noexcept {
  ++at_;
  skip_others();
  return *this;
}

MatchingEndpoints::iterator MatchingEndpoints::begin() const noexcept {
  iterator first;
  first.at_ = endpoints_.begin();
  first.filter_ = &filter_;
  first.skip_others();
  return first;
}

std::size_t MatchingEndpoints::size() const noexcept { return static_cast<std::size_t>(std::distance(begin(), end())); }

std::optional<Endpoint> MatchingEndpoints::pick() const noexcept { return internal::pick_at_random(*this, std::nullopt); }

std::optional<Endpoint> MatchingEndpoints::pick(std::string_view key) const noexcept { return internal::pick_by_key(*this, key); }

std::optional<Endpoint> MatchingEndpoints::pick_with(std::uint64_t random) const noexcept {
  return internal::pick_at_random(*this, random);
}

std::optional<Endpoint> Service::pick() const noexcept { return internal::pick_at_random(endpoints(), std::nullopt); }

std::optional<Endpoint> Service::pick(std::string_view key) const noexcept { return internal::pick_by_key(endpoints(), key); }

std::optional<Endpoint> Service::pick_with(std::uint64_t random) const noexcept { return internal::pick_at_random(endpoints(), random); }

}  // namespace almanac
