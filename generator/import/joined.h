// Several records of one service made into one.
#pragma once

#include <string_view>
#include <vector>

#include "import/record.h"
#include "import/report.h"
#include "model/registry.h"
#include "source/registry_builder.h"

namespace almanac::importing {

struct Collected {
  std::string_view namespace_name;
  model::Service service;
  Role role;
};

// Gives `builder` one service for all of a namespace and a name. Settings must be equal. Instances join: their endpoints in byte order
// of the uris, equal ones once; their tags together; of description and attributes what the first says, and what a later one
// says differently is told as dropped. What cannot be joined is a problem that names both places.
void add_joined(std::vector<Collected> collected, source::RegistryBuilder& builder, Report& report);

}  // namespace almanac::importing
