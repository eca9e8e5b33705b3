// A character by its number, as JSON, Java and YAML write it.
#pragma once

#include <string>
#include <string_view>

namespace almanac::inspect {

// Appends \u00E9 for a unit of UTF-16.
inline void append_u_escape(std::string& text, char32_t unit) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  text += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) text += kDigits[(unit >> shift) & 0xfU];
}

}  // namespace almanac::inspect
