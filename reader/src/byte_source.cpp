#include "byte_source.h"

#include <almanac/error.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace almanac::internal {

namespace {

std::string system_message(std::string_view what, int number) { return std::string(what) + ": " + std::generic_category().message(number); }

class FileSource final : public ByteSource {
 public:
  FileSource(FileDescriptor file, std::string name, std::uint64_t size) : file_(std::move(file)), name_(std::move(name)), size_(size) {}

  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  [[nodiscard]] std::uint64_t size() const noexcept override { return size_; }

  void read(std::uint64_t offset, std::span<std::byte> into) const override { read_file(file_, name_, offset, into); }

 private:
  FileDescriptor file_;
  std::string name_;
  std::uint64_t size_;
};

class MemorySource final : public ByteSource {
 public:
  MemorySource(Bytes bytes, std::string name) : bytes_(bytes), name_(std::move(name)) {}

  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  [[nodiscard]] std::uint64_t size() const noexcept override { return bytes_.size(); }

  void read(std::uint64_t offset, std::span<std::byte> into) const override {
    copy_bytes(slice(bytes_, offset, into.size(), name_, "a range"), into);
  }

  [[nodiscard]] Bytes view(std::uint64_t offset, std::uint64_t size) const override {
    return slice(bytes_, offset, size, name_, "a range");
  }

 private:
  Bytes bytes_;
  std::string name_;
};

}  // namespace

Bytes ByteSource::view(std::uint64_t /*offset*/, std::uint64_t /*size*/) const { return {}; }

void read_file(const FileDescriptor& file, const std::string& name, std::uint64_t offset, std::span<std::byte> into) {
  while (!into.empty()) {
    const ssize_t count = ::pread(file.get(), into.data(), into.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Error(ErrorCode::kInputOutput, name, system_message("cannot be read", errno), offset);
    if (count == 0) throw Error(ErrorCode::kTruncated, name, "ends before it should; was it changed meanwhile?", offset);
    into = into.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
}

std::unique_ptr<ByteSource> open_file(const std::filesystem::path& file) {
  FileDescriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));  // a pipe must not make this wait
  if (!descriptor) {
    const int number = errno;
    throw Error(number == ENOENT || number == ENOTDIR ? ErrorCode::kNotFound : ErrorCode::kInputOutput, file.string(),
                system_message("cannot be opened", number));
  }
  struct stat status {};
  if (::fstat(descriptor.get(), &status) != 0)
    throw Error(ErrorCode::kInputOutput, file.string(), system_message("cannot be examined", errno));
  if (!S_ISREG(status.st_mode)) throw Error(ErrorCode::kInputOutput, file.string(), "is not a regular file");
  return std::make_unique<FileSource>(std::move(descriptor), file.string(), static_cast<std::uint64_t>(status.st_size));
}

std::unique_ptr<ByteSource> borrow_bytes(Bytes bytes, std::string name) { return std::make_unique<MemorySource>(bytes, std::move(name)); }

}  // namespace almanac::internal
