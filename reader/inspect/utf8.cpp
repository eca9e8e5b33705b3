#include "utf8.h"

#include <array>

namespace almanac::inspect {
namespace {

struct Form {
  unsigned char mask;   // of the first byte's fixed bits
  unsigned char fixed;  // their value
  char32_t least;       // smallest code that needs this form
  std::size_t size;     // bytes
};

constexpr std::array<Form, 4> kForms = {{
    {0x80, 0x00, 0x0, 1},
    {0xe0, 0xc0, 0x80, 2},
    {0xf0, 0xe0, 0x800, 3},
    {0xf8, 0xf0, 0x10000, 4},
}};

constexpr bool is_scalar(char32_t code) noexcept { return code < 0xd800 || (code > 0xdfff && code <= 0x10ffff); }

}  // namespace

Character first_character(std::string_view text) noexcept {
  const auto first = static_cast<unsigned char>(text.front());
  constexpr Character kInvalid{0, 1, false};
  for (const Form& form : kForms) {
    if ((first & form.mask) != form.fixed) continue;
    if (form.size > text.size()) return kInvalid;
    char32_t code = first & static_cast<unsigned char>(~form.mask);
    for (std::size_t i = 1; i < form.size; ++i) {
      const auto next = static_cast<unsigned char>(text[i]);
      if ((next & 0xc0U) != 0x80U) return kInvalid;
      code = (code << 6U) | (next & 0x3fU);
    }
    if (code < form.least || !is_scalar(code)) return kInvalid;
    return {code, form.size, true};
  }
  return kInvalid;
}

}  // namespace almanac::inspect
