#include "model/validate.h"

#include <algorithm>

#include "model/places.h"
#include "model/quoted.h"

namespace almanac::model {
namespace {

bool comes_before(const Service& a, const Service& b) {
  const int order = a.name.compare(b.name);
  return order != 0 ? order < 0 : is_before(a.location, b.location);
}

void report_repeated_services(const Registry& registry, const Namespace& space, Problems& problems) {
  const Service* first = nullptr;
  for (const Service& service : space.services) {
    if (first != nullptr && first->name == service.name) {
      problems.push_back({service.location, "service " + quoted(service.name) + " of namespace " + quoted(space.name) +
                                                " is already defined at " + place(registry.files, first->location) +
                                                "; remove or rename one of the two"});
    } else {
      first = &service;
    }
  }
}

}  // namespace

void validate(Registry& registry, Problems& problems) {
  std::ranges::sort(registry.namespaces, {}, &Namespace::name);
  for (Namespace& space : registry.namespaces) {
    // Machines write sorted documents; for those, one look is enough.
    if (!std::ranges::is_sorted(space.services, comes_before)) {
      std::ranges::sort(space.services, comes_before);
    }
    report_repeated_services(registry, space, problems);
  }
}

}  // namespace almanac::model
