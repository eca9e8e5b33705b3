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
  return a.description == b.description && a.value == b.value && compare(a.tags, b.tags) == 0 && compare(a.attributes, b.attributes) == 0 &&
         std::ranges::equal(a.endpoints, b.endpoints, same_endpoint);
}

class Joiner {
 public:
  Joiner(source::RegistryBuilder& builder, Report& report) : builder_(builder), report_(report) {}

  // `same` is of one namespace and name, in the order of the inputs.
  Service join(std::span<const Collected> same) {
    const bool instances = std::ranges::all_of(same, [](const Collected& each) { return each.role == Role::instance; });
    Service service = same.front().service;
    if (!instances) {
      for (const Collected& other : same.subspan(1)) {
        if (other.role != same.front().role || !same_setting(service, other.service)) differs(same.front(), other);
      }
      return service;
    }
    for (const Collected& other : same.subspan(1)) {
      if (other.service.value != service.value) differs(same.front(), other);
      if (service.description.empty()) service.description = other.service.description;
      if (!other.service.description.empty() && other.service.description != service.description) {
        report_.add(Report::Kind::dropped, "a description that differs from an earlier instance's", other.service.location);
      }
    }
    service.tags = tags(same);
    service.attributes = attributes(same);
    service.endpoints = endpoints(same);
    return service;
  }

 private:
  void differs(const Collected& first, const Collected& other) {
    builder_.report(other.service.location, "service " + model::quoted(other.service.name) + " of namespace " +
                                                model::quoted(other.namespace_name) + " is already there, from " +
                                                builder_.place(first.service.location) + ", and differs; import the two apart");
  }

  void check_count(const Service& service, std::string_view what, std::size_t count, std::size_t most) {
    if (count <= most) return;
    builder_.report(service.location, "service " + model::quoted(service.name) + ": " + std::string(what) +
                                          " of all instances must be at most " + std::to_string(most) + ", got " + std::to_string(count));
  }

  std::span<std::string_view> tags(std::span<const Collected> same) {
    std::vector<std::string_view> all;
    for (const Collected& each : same) all.insert(all.end(), each.service.tags.begin(), each.service.tags.end());
    std::ranges::sort(all);
    const auto repeated = std::ranges::unique(all);
    all.erase(repeated.begin(), repeated.end());
    check_count(same.front().service, "tags", all.size(), model::kMaxTags);
    return builder_.interner().tags(all);
  }

  std::span<Attribute> attributes(std::span<const Collected> same) {
    std::vector<Attribute> all;
    for (const Collected& each : same) {
      const std::size_t known = all.size();
      for (const Attribute& attribute : each.service.attributes) {
        const auto end = all.begin() + static_cast<std::ptrdiff_t>(known);
        const auto found =
            std::lower_bound(all.begin(), end, attribute.key, [](const Attribute& a, std::string_view key) { return a.key < key; });
        if (found == end || found->key != attribute.key) {
          all.push_back(attribute);
        } else if (found->value != attribute.value) {
          report_.add(Report::Kind::dropped, "attribute " + model::quoted(attribute.key) + " that differs from an earlier instance's",
                      each.service.location);
        }
      }
      std::ranges::inplace_merge(all, all.begin() + static_cast<std::ptrdiff_t>(known), {}, &Attribute::key);
      if (all.size() > model::kMaxAttributes) break;  // refused below
    }
    check_count(same.front().service, "attributes", all.size(), model::kMaxAttributes);
    return builder_.interner().attributes(all);
  }

  std::span<Endpoint> endpoints(std::span<const Collected> same) {
    std::vector<Endpoint> all;
    for (const Collected& each : same) all.insert(all.end(), each.service.endpoints.begin(), each.service.endpoints.end());
    std::ranges::sort(all, [](const Endpoint& a, const Endpoint& b) { return compare(a, b) < 0; });
    const auto repeated = std::ranges::unique(all, same_endpoint);
    all.erase(repeated.begin(), repeated.end());
    check_count(same.front().service, "endpoints", all.size(), model::kMaxEndpoints);
    return builder_.arena().copy(std::span<const Endpoint>(all));
  }

  source::RegistryBuilder& builder_;
  Report& report_;
};

}  // namespace

void add_joined(std::vector<Collected> collected, source::RegistryBuilder& builder, Report& report) {
  const auto key = [](const Collected& each) { return std::tie(each.namespace_name, each.service.name); };
  std::ranges::stable_sort(collected, [&](const Collected& a, const Collected& b) { return key(a) < key(b); });
  Joiner joiner(builder, report);
  for (std::span<const Collected> rest = collected; !rest.empty();) {
    const auto end = std::ranges::find_if(rest, [&](const Collected& each) { return key(each) != key(rest.front()); });
    const auto same = rest.first(static_cast<std::size_t>(end - rest.begin()));
    builder.add_service(builder.add_namespace(same.front().namespace_name, same.front().service.location), joiner.join(same));
    rest = rest.subspan(same.size());
  }
}

}  // namespace almanac::importing
