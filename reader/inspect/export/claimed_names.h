// That two services do not get one name in a format whose names are simpler than those of a registry.
#pragma once

#include <map>
#include <string>

#include "inspect/list.h"

namespace almanac::inspect {

class ClaimedNames {
 public:
  // For messages: "nginx".
  explicit ClaimedNames(std::string format) : format_(std::move(format)) {}

  // `name` belongs to `service` from now on. Throws Error kInvalidArgument that names both when it belongs to another one.
  void claim(const std::string& name, const ListedService& service);

 private:
  std::string format_;
  std::map<std::string, ListedService> owners_;
};

}  // namespace almanac::inspect
