#include "file_descriptor.h"

#include <sys/syscall.h>

#include <cerrno>

namespace almanac::internal {

namespace {

template <class Write>
bool write_all_by(Write write, Bytes bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t count = write(bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

bool write_all(int descriptor, Bytes bytes) noexcept {
  return write_all_by([descriptor](const void* from, std::size_t size) { return ::write(descriptor, from, size); }, bytes);
}

// ThreadSanitizer takes ::write() for a read of the bytes by this thread, but it is the kernel that reads them.
bool write_shared(int descriptor, Bytes bytes) noexcept {
  return write_all_by([descriptor](const void* from, std::size_t size) { return ::syscall(SYS_write, descriptor, from, size); }, bytes);
}

}  // namespace almanac::internal
