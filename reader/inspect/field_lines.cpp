#include "field_lines.h"

#include <algorithm>

namespace almanac::inspect {

void append_field(std::string& out, std::string_view label, std::string_view text) {
  constexpr std::size_t kLabelWidth = 13;
  out += label;
  if (!text.empty()) out.append(std::max(kLabelWidth, label.size() + 1) - label.size(), ' ').append(text);
  out += '\n';
}

}  // namespace almanac::inspect
