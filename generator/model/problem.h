// One thing that is wrong with the documents: where, what, and what to do about it.
#pragma once

#include <string>
#include <vector>

#include "model/registry.h"

namespace almanac::model {

struct Problem {
  Location location;
  std::string message;  // one line; text of documents in it is escaped
};

using Problems = std::vector<Problem>;

}  // namespace almanac::model
