// Several records of one service made into one.
#pragma once

#include <string_view>
#include <vector>

#include "import/record.h"
#include "model/registry.h"
#include "source/registry_builder.h"

namespace almanac::importing {

struct Collected {
  std::string_view namespace_name;
  model::Service service;
  Role role;
};

// Gives `builder` one service for all of a namespace and a name. Settings must be equal, but one may lack the description that
// another has. Instances, which are nothing but endpoints, join: in byte order of the uris, equal ones once. What cannot be joined
// is a problem that names both places.
void add_joined(std::vector<Collected> collected, source::RegistryBuilder& builder);

}  // namespace almanac::importing
