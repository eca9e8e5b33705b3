// A service as a program would hold it that reads the registry into structures of its own.
#pragma once

#include <almanac/service.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace peers {

class Record {
 public:
  explicit Record(const almanac::Service& service)
      : value_(service.value()),
        description_(service.description()),
        tags_(texts(service.tags())),
        attributes_(pairs(service.attributes())) {
    for (const almanac::Endpoint& one : service.endpoints()) {
      endpoints_.push_back({std::string(one.uri()), std::string(one.version()), one.weight(), std::string(one.zone()), texts(one.tags()),
                            pairs(one.attributes())});
    }
  }

  [[nodiscard]] std::string_view uri() const { return endpoints_.empty() ? std::string_view() : endpoints_.front().uri; }

 private:
  using Texts = std::vector<std::string>;
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  struct Endpoint {
    std::string uri;
    std::string version;
    std::uint16_t weight;
    std::string zone;
    Texts tags;
    Pairs attributes;
  };

  static Texts texts(const almanac::Tags& tags) { return {tags.begin(), tags.end()}; }
  static Pairs pairs(const almanac::Attributes& attributes) {
    Pairs all;
    for (const auto& [key, value] : attributes) all.emplace_back(key, value);
    return all;
  }

  std::vector<Endpoint> endpoints_;
  std::optional<std::string> value_;
  std::string description_;
  Texts tags_;
  Pairs attributes_;
};

}  // namespace peers
