#include "export/left_out.h"

namespace almanac::inspect {
void tell_left_out(const ListedService& service, const CarriedParts& carried, Losses& losses) {
  const Service& record = service.service;
  const auto tell = [&](bool is_there, std::string_view which, std::string_view what) {
    if (is_there) losses.add("service", which, what, full_name(service));
  };
  tell(!record.description().empty(), "with a description", "that is left out");
  tell(!carried.tags && !record.tags().empty(), "with tags", "these are left out");
  tell(!carried.attributes && !record.attributes().empty(), "with attributes", "these are left out");
  tell(record.value() && !record.endpoints().empty(), "with a value beside the endpoints", "that is left out");
  for (const Endpoint& endpoint : record.endpoints()) {
    const auto tell_if = [&](bool is_there, std::string_view which, std::string_view what) {
      if (is_there) tell_of_endpoint(service, which, what, losses);
    };
    tell_if(!carried.version && !endpoint.version().empty(), "with a version", "that is left out");
    tell_if(!carried.weight && endpoint.weight() > 1, "with a weight", "that is left out");
    tell_if(!carried.zone && !endpoint.zone().empty(), "with a zone", "that is left out");
    tell_if(!carried.tags && !endpoint.tags().empty(), "with tags", "these are left out");
    tell_if(!carried.attributes && !endpoint.attributes().empty(), "with attributes", "these are left out");
  }
}

void tell_no_endpoint(const ListedService& service, Losses& losses) {
  losses.add("service", "without an endpoint", "left out", full_name(service));
}

void tell_of_endpoint(const ListedService& service, std::string_view which, std::string_view consequence, Losses& losses) {
  losses.add("endpoint", which, consequence, full_name(service));
}

void PlacedAttributes::put_attribute(std::string key, const Attribute& attribute) {
  const auto [placed, is_new] = texts_.emplace(std::move(key), attribute.value);
  if (!is_new && placed->second != attribute.value) leave_out(attribute, "whose key is taken");
}

void PlacedAttributes::leave_out(const Attribute& attribute, std::string_view which) {
  losses_.add("attribute", which, "left out", full_name(service_).append(" ").append(attribute.key));
}

}  // namespace almanac::inspect
