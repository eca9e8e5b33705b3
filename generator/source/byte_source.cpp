#include "source/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "model/quoted.h"
#include "source/documents.h"

namespace almanac::source {
namespace {

[[noreturn]] void fail(const std::string& path, int error) {
  throw SourceError("cannot read " + model::quoted(path, path.size()) + ": " + std::generic_category().message(error));
}

}  // namespace

FileSource::FileSource(const std::string& path) : path_(path) {
  do {
    descriptor_ = path == kStandardInput ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  } while (descriptor_ < 0 && errno == EINTR);
  if (descriptor_ < 0) fail(path_, errno);
  struct stat status = {};
  if (::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode)) {
    size_ = static_cast<std::uint64_t>(status.st_size);
  }
}

FileSource::~FileSource() { ::close(descriptor_); }

std::size_t FileSource::read(std::span<char> space) {
  while (true) {
    const ::ssize_t count = ::read(descriptor_, space.data(), space.size());
    if (count > 0) is_empty_ = false;
    // Of a pipeline the last command alone decides how it ends: one before it that failed printed nothing.
    if (count == 0 && is_empty_ && path_ == kStandardInput) {
      throw SourceError("standard input is empty; did the command before it in the pipeline fail? An empty line stands for no service");
    }
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) fail(path_, errno);
  }
}

std::size_t TextSource::read(std::span<char> space) {
  const std::size_t count = std::min(space.size(), rest_.size());
  std::copy_n(rest_.begin(), count, space.begin());
  rest_.remove_prefix(count);
  return count;
}

}  // namespace almanac::source
