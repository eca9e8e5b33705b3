#include "inspect/export/left_out.h"

namespace almanac::inspect {
void tell_of_endpoint(const ListedService& service, std::string_view which, std::string_view consequence, Losses& losses) {
  losses.add("endpoint", which, consequence, full_name(service));
}

void tell_no_endpoint(const ListedService& service, Losses& losses) {
  losses.add("service", "without an endpoint", "left out", full_name(service));
}

void tell_unsaid_fields(const ListedService& service, const SaidFields& said, Losses& losses) {
  const auto tell = [&](bool is_there, std::string_view which, std::string_view consequence) {
    if (is_there) losses.add("service", which, consequence, full_name(service));
  };
  tell(!service.service.description().empty(), "with a description", "that is left out");
  tell(!said.value && service.service.value(), "with a value", "that is left out");
  tell(!said.tags && !service.service.tags().empty(), "with tags", "these are left out");
  tell(!said.attributes && !service.service.attributes().empty(), "with attributes", "these are left out");
}

void tell_unsaid_parts(const ListedService& service, const Endpoint& endpoint, const SaidParts& said, Losses& losses) {
  const auto tell = [&](bool is_there, std::string_view which, std::string_view consequence) {
    if (is_there) tell_of_endpoint(service, which, consequence, losses);
  };
  tell(!said.version && !endpoint.version().empty(), "with a version", "that is left out");
  tell(!said.weight && endpoint.weight() != 1, "with a weight", "that is left out");
  tell(!said.zone && !endpoint.zone().empty(), "with a zone", "that is left out");
  tell(!said.tags && !endpoint.tags().empty(), "with tags", "these are left out");
  tell(!said.attributes && !endpoint.attributes().empty(), "with attributes", "these are left out");
}

void PlacedAttributes::put_attribute(std::string key, const Attribute& attribute) {
  const auto [placed, is_new] = texts_.emplace(std::move(key), attribute.value);
  if (!is_new && placed->second != attribute.value) leave_out(attribute, "whose key is taken");
}

void PlacedAttributes::leave_out(const Attribute& attribute, std::string_view which) {
  losses_.add("attribute", which, "left out", full_name(service_).append(" ").append(attribute.key));
}

}  // namespace almanac::inspect
