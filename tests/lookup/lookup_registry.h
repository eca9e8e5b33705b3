// A namespace that has everything: hundreds of services named "service/0" … with all fields.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "support/registry_builder.h"

namespace almanac::lookup {

inline constexpr std::size_t kServices = 300;

[[nodiscard]] inline std::vector<std::byte> lookup_snapshot() {
  using support::endpoint;
  std::vector<support::ServiceBuilder> services;
  for (std::size_t i = 0; i < kServices; ++i) {
    const std::string number = std::to_string(i);
    auto one =
        support::service("service/" + number).description("number " + number).attributes({{"owner", "team-" + number}, {"n", number}});
    if (i % 5 != 0)
      one.endpoint(
          endpoint("https://host-" + number + ":8443/x").version("1.0." + number).zone("z").tags({"pci"}).attributes({{"owner", "e"}}));
    if (i % 3 == 0) one.uri("arn:aws:sqs:eu:1:" + number).uri("http://[::1]/");
    if (i % 5 == 0) one.value("value\n" + number);
    if (i % 7 == 0) one.tags({"pci", "gdpr"});
    services.push_back(one);
  }
  return support::snapshot_of({{"other", support::numbered_services(10)}, {"prod", services}});
}

}  // namespace almanac::lookup
