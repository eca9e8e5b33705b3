#include "whole_file.h"

#include <almanac/error.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>

namespace almanac::internal {

namespace {

// Hidden, so that listings and folder walks pass over what a kill left behind.
std::filesystem::path temporary_name(const std::filesystem::path& target) {
  static std::atomic<unsigned> count{0};
  const std::string name =
      "." + target.filename().string().substr(0, 100) + "." + std::to_string(::getpid()) + "." + std::to_string(count++) + ".tmp";
  return target.parent_path() / name;
}

// Where a link leads: what it names is replaced, and not the link.
std::filesystem::path behind_links(const std::filesystem::path& target) {
  std::error_code failure;
  if (!std::filesystem::is_symlink(target, failure)) return target;
  std::filesystem::path behind = std::filesystem::canonical(target, failure);
  return failure ? target : behind;
}

}  // namespace

PendingFile::PendingFile(std::filesystem::path target, Bytes bytes) : target_(std::move(target)), temporary_(temporary_name(target_)) {
  // A rename would put a file in the place of /dev/null.
  struct stat status {};
  if (::stat(target_.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
    throw Error(ErrorCode::kInputOutput, target_.string(), "is not a regular file");
  const bool replaces = S_ISREG(status.st_mode);
  constexpr mode_t kRights = 0777;
  create(replaces ? status.st_mode & kRights : 0666);
  try {
    // Those that the umask took away. Where they cannot be set, it has fewer, and never more.
    if (replaces) (void)::fchmod(file_.get(), status.st_mode & kRights);
    write(bytes);
  } catch (...) {
    ::unlink(temporary_.c_str());
    throw;
  }
}

PendingFile::~PendingFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void PendingFile::fail(const char* what) const {
  throw Error(ErrorCode::kInputOutput, target_.string(), std::string(what) + ": " + std::generic_category().message(errno));
}

// Processes of two containers may have the same number, so the name alone does not make it their own.
void PendingFile::create(mode_t rights) {
  constexpr int kMaxAttempts = 1000;
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    file_ = FileDescriptor(::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, rights));  // less the umask
    if (file_ || errno != EEXIST) break;
    temporary_ = temporary_name(target_);
  }
  if (!file_) fail("cannot be created");
}

void PendingFile::write(Bytes bytes) {
  if (!write_all(file_.get(), bytes) || ::fsync(file_.get()) != 0) fail("cannot be written");
}

void PendingFile::commit() {
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail("cannot be replaced");
  temporary_.clear();
  const std::filesystem::path folder = target_.has_parent_path() ? target_.parent_path() : std::filesystem::path(".");
  const FileDescriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some network file systems know no fsync of a folder, and some folders may be written and not read.
  if (directory && ::fsync(directory.get()) != 0 && errno != EINVAL && errno != ENOTSUP)
    fail("is written, but the disk may not know it yet");
}

void write_whole_file(const std::filesystem::path& target, Bytes bytes) { PendingFile(behind_links(target), bytes).commit(); }

}  // namespace almanac::internal
