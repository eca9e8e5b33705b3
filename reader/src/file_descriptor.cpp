#include "file_descriptor.h"

#include <cerrno>

namespace almanac::internal {

bool write_all(int descriptor, Bytes bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace almanac::internal
