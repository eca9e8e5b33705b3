#include "model/quoted.h"

#include "inspect/terminal_text.h"

namespace almanac::model {
namespace {

// No more than `most` bytes, and no half character of valid UTF-8 at the end.
std::string_view cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most;
  for (int back = 0; back < 3 && end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U; ++back) --end;
  return text.substr(0, end);
}

}  // namespace

std::string quoted(std::string_view text, std::size_t most) {
  const std::string_view shown = cut(text, most);
  return '"' + inspect::visible(shown) + (shown.size() < text.size() ? "..." : "") + '"';
}

}  // namespace almanac::model
