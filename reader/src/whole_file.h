// Files that are there whole or not at all.
#pragma once

#include <sys/types.h>

#include <filesystem>

#include "bytes.h"
#include "file_descriptor.h"

namespace almanac::internal {

// A file under a temporary name beside `target`, written and on the disk: rename it into place, or
// let it go. Its rights are those of the file that it is to replace, and as the umask says where there
// is none. Throws Error kInputOutput that names `target`.
class PendingFile {
 public:
  PendingFile(std::filesystem::path target, Bytes bytes);
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;
  ~PendingFile();

  [[nodiscard]] const FileDescriptor& descriptor() const noexcept { return file_; }
  // Takes the target's place in one step, and waits until the disk knows. Throws as the constructor.
  void commit();

 private:
  void create(mode_t rights);
  void write(Bytes bytes);
  [[noreturn]] void fail(const char* what) const;

  std::filesystem::path target_;
  std::filesystem::path temporary_;
  FileDescriptor file_;
};

// Replaces `target`, or the file that it links to, by `bytes`; a failure or a kill leaves what was there
// before. What is not a regular file is refused.
void write_whole_file(const std::filesystem::path& target, Bytes bytes);

}  // namespace almanac::internal
