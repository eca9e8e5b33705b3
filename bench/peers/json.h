// nlohmann::json: the registry's documents, parsed: one object with a member a service, as a program has it that reads JSON at its start.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "peers/peer.h"

namespace peers {

class NlohmannJson {
 public:
  explicit NlohmannJson(std::span<const almanac::Service> services) : services_(nlohmann::json::object()) {
    for (const almanac::Service& service : services) services_.emplace(service.name(), document(service));
  }

  std::string_view find(std::string_view name) const {
    const auto found = services_.find(name);
    if (found == services_.end()) return {};
    const auto endpoints = found->find("endpoints");
    if (endpoints == found->end()) return {};
    return endpoints->front().find("uri")->get_ref<const std::string&>();
  }

 private:
  static nlohmann::json document(const almanac::Service& service) {
    nlohmann::json made = marks(service);
    if (!service.description().empty()) made["description"] = service.description();
    if (const auto value = service.value()) made["value"] = *value;
    for (const almanac::Endpoint& one : service.endpoints()) {
      nlohmann::json endpoint = marks(one);
      endpoint["uri"] = one.uri();
      if (!one.version().empty()) endpoint["version"] = one.version();
      if (one.weight() != 1) endpoint["weight"] = one.weight();
      if (!one.zone().empty()) endpoint["zone"] = one.zone();
      made["endpoints"].push_back(std::move(endpoint));
    }
    return made;
  }

  template <class Marked>
  static nlohmann::json marks(const Marked& marked) {
    nlohmann::json made = nlohmann::json::object();
    for (const std::string_view tag : marked.tags()) made["tags"].push_back(tag);
    for (const auto& [key, value] : marked.attributes()) made["attributes"][std::string(key)] = value;
    return made;
  }

  nlohmann::json services_;
};

static_assert(Peer<NlohmannJson>);

}  // namespace peers
