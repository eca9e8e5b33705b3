#include "model/merge_registered.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

#include "model/limits.h"
#include "model/places.h"
#include "model/quoted.h"

namespace almanac::model {
namespace {

using Services = std::span<const Service>;

class Merger {
 public:
  Merger(Registry& registry, std::span<const std::string_view> registrants)
      : registry_(registry), registrants_(registrants), first_file_(registry.files.size() - registrants.size()) {}

  std::vector<std::string> merge() {
    std::ranges::sort(registry_.namespaces, {}, &Namespace::name);
    for (Namespace& space : registry_.namespaces) {
      if (std::ranges::any_of(space.services, [this](const Service& service) { return is_registered(service); })) merge(space);
    }
    return std::move(notes_);
  }

 private:
  [[nodiscard]] bool is_registered(const Service& service) const noexcept { return service.location.file >= first_file_; }
  [[nodiscard]] std::string_view registrant_of(const Service& service) const { return registrants_[service.location.file - first_file_]; }

  // Documents come before registrants, and those are in their order: files are.
  static bool comes_before(const Service& a, const Service& b) {
    const int order = a.name.compare(b.name);
    return order != 0 ? order < 0 : is_before(a.location, b.location);
  }

  void merge(Namespace& space) {
    std::ranges::sort(space.services, comes_before);
    std::vector<Service> merged;
    for (auto first = space.services.cbegin(); first != space.services.cend();) {
      const auto end = std::find_if(first, space.services.cend(), [&](const Service& service) { return service.name != first->name; });
      const auto registered = std::find_if(first, end, [this](const Service& service) { return is_registered(service); });
      merged.insert(merged.end(), first, registered);
      if (registered != end) {
        subject_ = "service " + quoted(first->name) + " of namespace " + quoted(space.name);
        if (registered == first) {
          merged.push_back(united({first, end}));
        } else {
          notes_.push_back(subject_ + " is that of " + place(registry_.files, first->location) + "; what " + names({registered, end}) +
                           " registered does not count");
        }
      }
      first = end;
    }
    space.services = std::move(merged);
  }

  [[nodiscard]] std::string names(Services services) const {
    std::string text = quoted(registrant_of(services.front()));
    if (services.size() > 1) text += " and " + std::to_string(services.size() - 1) + " more";
    return text;
  }

  void differs(const std::string& what, std::string_view taken, std::string_view other, const Service& from, const Service& of) {
    if (taken == other) return;
    notes_.push_back(subject_ + " has the " + what + " that " + quoted(registrant_of(from)) + " gave it, and not the one of " +
                     quoted(registrant_of(of)));
  }

  // What a service has of several registrants, counted as united.
  struct Sizes {
    std::size_t endpoints = 0;
    std::set<std::string_view> tags;
    std::set<std::string_view> attributes;

    // What would be too many with another one; nullptr: nothing.
    [[nodiscard]] const char* add(const Service& service) {
      endpoints += service.endpoints.size();
      tags.insert(service.tags.begin(), service.tags.end());
      for (const Attribute& attribute : service.attributes) attributes.insert(attribute.key);
      if (endpoints > kMaxEndpoints) return "endpoints";
      if (tags.size() > kMaxTags) return "tags";
      return attributes.size() > kMaxAttributes ? "attributes" : nullptr;
    }
  };

  // In their order, up to the first with whom it is more than a service may have: so nobody keeps the others from being published.
  Services that_fit(Services all) {
    Sizes sizes;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const char* excess = sizes.add(all[i]);
      if (excess == nullptr || i == 0) continue;
      notes_.push_back(subject_ + " cannot have more " + excess + "; what " + names(all.subspan(i)) + " registered does not count");
      return all.first(i);
    }
    return all;
  }

  Service united(Services all) {
    Service service = all.front();
    if (all.size() == 1) return service;
    all = that_fit(all);
    const Service* describer = nullptr;
    const Service* valuer = nullptr;
    std::vector<Endpoint> endpoints;
    std::vector<std::string_view> tags;
    for (const Service& each : all) {
      endpoints.insert(endpoints.end(), each.endpoints.begin(), each.endpoints.end());
      tags.insert(tags.end(), each.tags.begin(), each.tags.end());
      if (!each.description.empty()) {
        if (describer == nullptr) describer = &each;
        differs("description", describer->description, each.description, *describer, each);
      }
      if (each.value) {
        if (valuer == nullptr) valuer = &each;
        differs("value", *valuer->value, *each.value, *valuer, each);
      }
    }
    std::ranges::sort(tags);
    tags.erase(std::ranges::unique(tags).begin(), tags.end());
    if (describer != nullptr) service.description = describer->description;
    if (valuer != nullptr) service.value = valuer->value;
    service.attributes = united_attributes(all);
    service.tags = registry_.arena->copy(std::span<const std::string_view>(tags));
    service.endpoints = registry_.arena->copy(std::span<const Endpoint>(endpoints));
    return service;
  }

  std::span<Attribute> united_attributes(Services all) {
    struct Given {
      Attribute attribute;
      const Service* by;
    };
    std::vector<Given> given;
    for (const Service& each : all) {
      for (const Attribute& attribute : each.attributes) given.push_back({attribute, &each});
    }
    std::ranges::stable_sort(given, {}, [](const Given& each) { return each.attribute.key; });
    std::vector<Attribute> united;
    const Given* first = nullptr;
    for (const Given& each : given) {
      if (first == nullptr || first->attribute.key != each.attribute.key) {
        first = &each;
        united.push_back(each.attribute);
      }
      differs("attribute " + quoted(each.attribute.key), first->attribute.value, each.attribute.value, *first->by, *each.by);
    }
    return registry_.arena->copy(std::span<const Attribute>(united));
  }

  Registry& registry_;
  std::span<const std::string_view> registrants_;
  std::size_t first_file_;
  std::vector<std::string> notes_;
  std::string subject_;  // what is being merged, for messages
};

}  // namespace

std::vector<std::string> merge_registered(Registry& registry, std::span<const std::string_view> registrants) {
  return Merger(registry, registrants).merge();
}

}  // namespace almanac::model
