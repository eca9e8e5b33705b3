#include "inspect/export/identifier.h"

namespace almanac::inspect {

std::string identifier_of(std::string_view name) {
  std::string identifier = "almanac-";
  for (const char c : name) {
    const bool is_safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    identifier += is_safe ? c : '_';
  }
  return identifier;
}

}  // namespace almanac::inspect
