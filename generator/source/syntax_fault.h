// Why a text cannot be read as the language it should be, and where.
#pragma once

#include <cstdint>
#include <string>

namespace almanac::source {

struct SyntaxFault {
  std::uint32_t line = 0;    // from 1
  std::uint32_t column = 0;  // from 1, in bytes
  std::string what;
};

}  // namespace almanac::source
