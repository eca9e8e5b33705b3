#include "file_descriptor.h"

#include <sys/syscall.h>

#include <cerrno>

namespace almanac::internal {

// By the call's number: for ThreadSanitizer, who gives bytes to ::write() reads them, but what is written to a cache file may be stored
// again meanwhile, by others and as it is.
bool write_all(int descriptor, Bytes bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t count = ::syscall(SYS_write, descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace almanac::internal
