#include "output.h"

#include <unistd.h>

#include <cerrno>
#include <string_view>

namespace almanac::inspect {

void Output::flush() {
  std::string_view rest = text_;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      const int reason = errno;
      text_.clear();
      throw OutputError(reason, std::generic_category(), "cannot write the output");
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  text_.clear();
}

}  // namespace almanac::inspect
