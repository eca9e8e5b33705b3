#include "cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <ctime>
#include <memory>
#include <string_view>
#include <system_error>

namespace almanac::internal {

namespace {

// Behind the content: what it is, and room for scans that run past a text's end. The format of cache
// files is private to one version of this library; a change of it takes another magic.
struct Trailer {
  std::array<char, 8> magic{'A', 'L', 'M', 'C', 'A', 'C', 'H', '1'};
  std::uint64_t size = 0;
  Digest digest;               // of the frame's stored bytes, or of the store's identity
  std::uint64_t checksum = 0;  // XXH3-64 of the content: of a frame, as indexed
  CacheKind kind = CacheKind::kFrame;
  std::array<std::uint64_t, 2> reserved{};
  bool operator==(const Trailer&) const = default;
};
static_assert(sizeof(Trailer) == 64 && sizeof(Trailer) >= kScanSlack);

constexpr std::string_view kFrameEnding = ".frame";
constexpr std::string_view kTemporaryEnding = ".tmp";
constexpr time_t kHour = 3600;  // seconds
constexpr time_t kDay = 24 * kHour;

std::string file_name(CacheKind kind, const Digest& digest) {
  return to_hex(digest).append(kind == CacheKind::kFrame ? kFrameEnding : ".current");
}

// Of the frame that a file of this name holds.
std::optional<Digest> frame_named(std::string_view name) noexcept {
  if (!name.ends_with(kFrameEnding)) return std::nullopt;
  name.remove_suffix(kFrameEnding.size());
  return parse_digest(name);
}

std::string temporary_file_name(const Digest& digest) {
  static std::atomic<unsigned> count{0};
  return ("." + to_hex(digest) + "." + std::to_string(::getpid()) + "." + std::to_string(count++)).append(kTemporaryEnding);
}

bool is_temporary(std::string_view name) noexcept {
  constexpr std::size_t kDigits = 32;
  return name.starts_with('.') && name.ends_with(kTemporaryEnding) && parse_digest(name.substr(1, kDigits));
}

bool is_older(const timespec& time, time_t seconds) noexcept { return time.tv_sec < std::time(nullptr) - seconds; }

// When it was written stays: older_than_boot() goes by that.
void renew_access_time(const FileDescriptor& file, const struct stat& status) noexcept {
  constexpr timespec kTimes[2] = {{0, UTIME_NOW}, {0, UTIME_OMIT}};
  if (is_older(status.st_atim, kHour)) (void)::futimens(file.get(), kTimes);
}

struct CloseFolder {
  void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};

// Not written since the machine started: a power failure may have left a file without its bytes.
bool older_than_boot(const struct stat& status) noexcept {
  timespec now{};
  timespec up{};
  if (::clock_gettime(CLOCK_REALTIME, &now) != 0 || ::clock_gettime(CLOCK_BOOTTIME, &up) != 0) return true;
  constexpr time_t kClockSlack = 5;  // seconds
  return status.st_mtim.tv_sec < now.tv_sec - up.tv_sec + kClockSlack;
}

bool is_private(const struct stat& status, mode_t type, mode_t allowed) noexcept {
  return (status.st_mode & S_IFMT) == type && status.st_uid == ::geteuid() && (status.st_mode & 0777U & ~allowed) == 0;
}

}  // namespace

CacheImage::CacheImage(Mapping mapping, std::uint64_t size) noexcept
    : mapping_(std::move(mapping)), content_(mapping_.writable().first(static_cast<std::size_t>(size))) {}

CacheImage CacheImage::in_memory(std::uint64_t size) {
  return {Mapping::anonymous(static_cast<std::size_t>(size) + sizeof(Trailer)), size};
}

CacheImage::~CacheImage() {
  if (file_ && !temporary_name_.empty()) ::unlinkat(directory_, temporary_name_.c_str(), 0);
}

void CacheImage::commit() {
  if (!file_) return;
  Trailer trailer;
  trailer.size = content_.size();
  trailer.digest = digest_;
  trailer.checksum = checksum_of(content_);
  trailer.kind = kind_;
  std::memcpy(content_.data() + content_.size(), &trailer, sizeof trailer);
  if (::fchmod(file_.get(), S_IRUSR) != 0) return;
  if (::renameat(directory_, temporary_name_.c_str(), directory_, file_name(kind_, digest_).c_str()) == 0) temporary_name_.clear();
}

std::optional<CacheDirectory> CacheDirectory::open(const std::filesystem::path& named) {
  // "cache/" names the folder, not an empty name in it.
  const std::filesystem::path path = named.has_filename() ? named : named.parent_path();
  std::error_code ignored;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), ignored);
  ::mkdir(path.c_str(), S_IRWXU);
  FileDescriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  if (!directory || ::fstat(directory.get(), &status) != 0 || !is_private(status, S_IFDIR, S_IRWXU)) return std::nullopt;
  return CacheDirectory(std::move(directory));
}

CacheDirectory::Found CacheDirectory::find(CacheKind kind, const Digest& digest) const {
  const FileDescriptor file(::openat(directory_.get(), file_name(kind, digest).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0 || !is_private(status, S_IFREG, S_IRUSR)) return {};
  if (status.st_size < static_cast<off_t>(sizeof(Trailer))) return {};
  Found found;
  found.size = static_cast<std::uint64_t>(status.st_size) - sizeof(Trailer);
  found.mapping = Mapping::of_file(file, static_cast<std::size_t>(status.st_size), false);
  if (!found.mapping) return {};
  const Bytes content = found.mapping.bytes().first(static_cast<std::size_t>(found.size));
  Trailer trailer;
  std::memcpy(&trailer, found.mapping.bytes().data() + content.size(), sizeof trailer);
  Trailer expected;
  expected.size = found.size;
  expected.digest = digest;
  expected.checksum = trailer.checksum;
  expected.kind = kind;
  if (trailer != expected) return {};
  // A frame is long, and read at every start.
  if ((kind != CacheKind::kFrame || older_than_boot(status)) && checksum_of(content) != trailer.checksum) return {};
  renew_access_time(file, status);
  return found;
}

Mapping CacheDirectory::find(const Digest& digest, std::uint64_t size) const {
  Found found = find(CacheKind::kFrame, digest);
  return found.size == size ? std::move(found.mapping) : Mapping();
}

std::optional<std::vector<std::byte>> CacheDirectory::find_current(const Digest& store) const {
  const Found found = find(CacheKind::kCurrent, store);
  if (!found.mapping) return std::nullopt;
  const Bytes content = found.mapping.bytes().first(static_cast<std::size_t>(found.size));
  return std::vector<std::byte>(content.begin(), content.end());
}

bool CacheDirectory::lock() const noexcept {
  // Whoever has it is writing a file: that takes a moment, unless the process was stopped in it.
  constexpr int kMaxAttempts = 20;
  constexpr timespec kPause{0, 1'000'000};  // 1 ms
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    if (::flock(directory_.get(), LOCK_EX | LOCK_NB) == 0) return true;
    if (errno != EWOULDBLOCK && errno != EINTR) return true;
    ::nanosleep(&kPause, nullptr);
  }
  return false;
}

void CacheDirectory::remove_unused(std::span<const Digest> needed) const noexcept {
  const int listed = ::openat(directory_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::unique_ptr<DIR, CloseFolder> folder(listed < 0 ? nullptr : ::fdopendir(listed));
  if (!folder) {
    if (listed >= 0) ::close(listed);
    return;
  }
  while (const dirent* const entry = ::readdir(folder.get())) {
    const std::optional<Digest> frame = frame_named(entry->d_name);
    if (frame ? std::ranges::find(needed, *frame) != needed.end() : !is_temporary(entry->d_name)) continue;
    struct stat status {};
    if (::fstatat(directory_.get(), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode)) continue;
    if (frame ? is_older(status.st_atim, kDay) : is_older(status.st_mtim, kHour)) ::unlinkat(directory_.get(), entry->d_name, 0);
  }
}

CacheImage CacheDirectory::create(const Digest& digest, std::uint64_t size, CacheKind kind) const {
  const std::uint64_t whole = size + sizeof(Trailer);
  std::string name;
  FileDescriptor file;
  // A process that was killed may have had the same number, and left its file.
  constexpr int kMaxAttempts = 1000;
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    name = temporary_file_name(digest);
    file = FileDescriptor(::openat(directory_.get(), name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (file || errno != EEXIST) break;
  }
  if (!file) return CacheImage::in_memory(size);
  // The blocks are taken beforehand: a store into a mapped file that a full disk cannot hold is a SIGBUS.
  Mapping mapping;
  if (::posix_fallocate(file.get(), 0, static_cast<off_t>(whole)) == 0)
    mapping = Mapping::of_file(file, static_cast<std::size_t>(whole), true);
  if (!mapping) {
    ::unlinkat(directory_.get(), name.c_str(), 0);
    return CacheImage::in_memory(size);
  }
  CacheImage image(std::move(mapping), size);
  image.kind_ = kind;
  image.digest_ = digest;
  image.directory_ = directory_.get();
  image.file_ = std::move(file);
  image.temporary_name_ = name;
  return image;
}

}  // namespace almanac::internal
