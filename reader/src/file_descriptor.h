// A file descriptor that is closed with its owner, and writing to one.
#pragma once

#include <unistd.h>

#include <utility>

#include "bytes.h"

namespace almanac::internal {

class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int number) noexcept : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~FileDescriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int get() const noexcept { return number_; }
  [[nodiscard]] explicit operator bool() const noexcept { return number_ >= 0; }

 private:
  int number_ = -1;
};

// Writes all of `bytes`, on through signals. False: it could not, errno tells why, and part of them may be written.
[[nodiscard]] bool write_all(int descriptor, Bytes bytes) noexcept;
// The same, while other threads may store there what is there already.
[[nodiscard]] bool write_shared(int descriptor, Bytes bytes) noexcept;

}  // namespace almanac::internal
