// A registry that is valid, and too large for the format.
#pragma once

#include <stdexcept>

namespace almanac::compile {

// what() names the namespace or service and the limit.
class CompileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace almanac::compile
