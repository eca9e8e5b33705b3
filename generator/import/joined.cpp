#include "import/joined.h"

#include <algorithm>
#include <compare>
#include <span>
#include <string>
#include <tuple>

#include "model/limits.h"
#include "model/quoted.h"

namespace almanac::importing {
namespace {

using model::Attribute;
using model::Endpoint;
using model::Service;

auto parts(const Attribute& attribute) { return std::tie(attribute.key, attribute.value); }

std::strong_ordering compare(std::span<const Attribute> a, std::span<const Attribute> b) {
  return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end(),
                                                [](const Attribute& x, const Attribute& y) { return parts(x) <=> parts(y); });
}

std::strong_ordering compare(std::span<const std::string_view> a, std::span<const std::string_view> b) {
  return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end());
}

std::strong_ordering compare(const Endpoint& a, const Endpoint& b) {
  const auto scalars = [](const Endpoint& endpoint) { return std::tie(endpoint.uri, endpoint.version, endpoint.zone, endpoint.weight); };
  if (const auto order = scalars(a) <=> scalars(b); order != 0) return order;
  if (const auto order = compare(a.tags, b.tags); order != 0) return order;
  return compare(a.attributes, b.attributes);
}

bool same_endpoint(const Endpoint& a, const Endpoint& b) { return compare(a, b) == 0; }

bool same_setting(const Service& a, const Service& b) {
  const bool described = !a.description.empty() && !b.description.empty();
  return (!described || a.description == b.description) && a.value == b.value && compare(a.attributes, b.attributes) == 0 &&
         std::ranges::equal(a.endpoints, b.endpoints, same_endpoint);
}

class Joiner {
 public:
  explicit Joiner(source::RegistryBuilder& builder) : builder_(builder) {}

  // `same` is of one namespace and name, in the order of the inputs.
  Service join(std::span<const Collected> same) {
    const bool instances = std::ranges::all_of(same, [](const Collected& each) { return each.role == Role::instance; });
    Service service = same.front().service;
    if (instances) {
      service.endpoints = endpoints(same);
      return service;
    }
    for (const Collected& other : same.subspan(1)) {
      if (other.role != same.front().role || !same_setting(service, other.service)) differs(same.front(), other);
      if (service.description.empty()) service.description = other.service.description;
    }
    return service;
  }

 private:
  void differs(const Collected& first, const Collected& other) {
    builder_.report(other.service.location, "service " + model::quoted(other.service.name) + " of namespace " +
                                                model::quoted(other.namespace_name) + " is already there, from " +
                                                builder_.place(first.service.location) + ", and differs; import the two apart");
  }

  std::span<Endpoint> endpoints(std::span<const Collected> same) {
    std::vector<Endpoint> all;
    for (const Collected& each : same) all.insert(all.end(), each.service.endpoints.begin(), each.service.endpoints.end());
    std::ranges::sort(all, [](const Endpoint& a, const Endpoint& b) { return compare(a, b) < 0; });
    const auto repeated = std::ranges::unique(all, same_endpoint);
    all.erase(repeated.begin(), repeated.end());
    if (all.size() > model::kMaxEndpoints) {
      const Service& service = same.front().service;
      builder_.report(service.location, "service " + model::quoted(service.name) + ": endpoints of all instances must be at most " +
                                            std::to_string(model::kMaxEndpoints) + ", got " + std::to_string(all.size()));
    }
    return builder_.arena().copy(std::span<const Endpoint>(all));
  }

  source::RegistryBuilder& builder_;
};

}  // namespace

void add_joined(std::vector<Collected> collected, source::RegistryBuilder& builder) {
  const auto key = [](const Collected& each) { return std::tie(each.namespace_name, each.service.name); };
  std::ranges::stable_sort(collected, [&](const Collected& a, const Collected& b) { return key(a) < key(b); });
  Joiner joiner(builder);
  for (std::span<const Collected> rest = collected; !rest.empty();) {
    const auto end = std::ranges::find_if(rest, [&](const Collected& each) { return key(each) != key(rest.front()); });
    const auto same = rest.first(static_cast<std::size_t>(end - rest.begin()));
    builder.add_service(builder.add_namespace(same.front().namespace_name, same.front().service.location), joiner.join(same));
    rest = rest.subspan(same.size());
  }
}

}  // namespace almanac::importing
