// What most formats have no place for, told in the same words.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "inspect/export/exporter.h"

namespace almanac::inspect {

// Of one endpoint, as Losses::add() has it: "without host and port", "left out". Its uri, which may hold a password, is not told.
void tell_of_endpoint(const ListedService& service, std::string_view which, std::string_view consequence, Losses& losses);
// Of a service that has none, and is left out.
void tell_no_endpoint(const ListedService& service, Losses& losses);

// What a format says of a service besides its endpoints.
struct SaidFields {
  bool value = false;
  bool tags = false;
  bool attributes = false;
};
void tell_unsaid_fields(const ListedService& service, const SaidFields& said, Losses& losses);

// What a format says of an endpoint besides its uri.
struct SaidParts {
  bool version = false;
  bool weight = false;
  bool zone = false;
  bool tags = false;
  bool attributes = false;
};
void tell_unsaid_parts(const ListedService& service, const Endpoint& endpoint, const SaidParts& said, Losses& losses);

// Attributes under the keys that a format gives them. Put first what may not be hidden by another.
class PlacedAttributes {
 public:
  PlacedAttributes(const ListedService& service, Losses& losses) : service_(service), losses_(losses) {}

  void put(std::string key, std::string_view value) { texts_.emplace(std::move(key), value); }
  // Unless there is such a key, which is told when its text is another.
  void put_attribute(std::string key, const Attribute& attribute);
  void leave_out(const Attribute& attribute, std::string_view which);

  // In byte order of the keys.
  [[nodiscard]] const std::map<std::string, std::string>& texts() const noexcept { return texts_; }

 private:
  const ListedService& service_;
  Losses& losses_;
  std::map<std::string, std::string> texts_;
};

}  // namespace almanac::inspect
