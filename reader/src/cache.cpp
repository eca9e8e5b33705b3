#include "cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <memory>
#include <string_view>

namespace almanac::internal {

namespace {

// Behind the content: what it is, and room for scans that run past a text's end. The format of cache
// files is private to one version of this library; a change of it takes another magic.
struct Trailer {
  std::array<char, 8> magic{'A', 'L', 'M', 'C', 'A', 'C', 'H', '3'};
  std::uint64_t size = 0;
  Digest digest;               // of the frame's stored bytes, or of the store's identity
  std::uint64_t checksum = 0;  // of the content: of a frame, as indexed
  CacheKind kind = CacheKind::kFrame;
  std::array<std::uint64_t, 2> reserved{};
  bool operator==(const Trailer&) const = default;
};
static_assert(sizeof(Trailer) == 64 && sizeof(Trailer) >= kScanSlack);

// Other threads may be filling the index of a frame with what it already has (index.h): such bytes are read as they are written, in
// words of four. `from` begins at one.
void copy_shared(Bytes from, std::span<std::byte> into) noexcept {
  using Word = std::atomic<std::uint32_t>;
  static_assert(sizeof(Word) == sizeof(std::uint32_t));
  const std::size_t words = from.size() / sizeof(Word);
  for (std::size_t i = 0; i < words; ++i) {
    store(into, i * sizeof(Word), reinterpret_cast<const Word*>(from.data())[i].load(std::memory_order_relaxed));
  }
  copy_bytes(from.subspan(words * sizeof(Word)), into.subspan(words * sizeof(Word)));
}

// Bytes that have one checksum: few enough for a copy of them.
constexpr std::size_t kPiece = std::size_t{256} << 10U;

// XXH3-64 of the XXH3-64 of each piece, as `read` gives it.
template <class Read>
std::uint64_t checksum_of_pieces(Bytes content, Read read) {
  std::vector<std::uint64_t> checksums;
  for (std::size_t begin = 0; begin < content.size(); begin += kPiece) {
    checksums.push_back(checksum_of(read(content.subspan(begin, std::min(kPiece, content.size() - begin)))));
  }
  return checksum_of(std::as_bytes(std::span(checksums)));
}

std::uint64_t checksum_of_file(Bytes content) {
  return checksum_of_pieces(content, [](Bytes piece) { return piece; });
}

std::uint64_t checksum_of_shared(Bytes content) {
  std::vector<std::byte> copy(std::min(kPiece, content.size()));
  return checksum_of_pieces(content, [&copy](Bytes piece) {
    copy_shared(piece, copy);
    return Bytes(copy).first(piece.size());
  });
}

constexpr std::string_view kFrameEnding = ".frame";
constexpr std::string_view kCurrentEnding = ".current";
constexpr std::string_view kPreviousEnding = ".previous";
constexpr std::string_view kTemporaryEnding = ".tmp";
constexpr time_t kHour = 3600;  // seconds
constexpr time_t kDay = 24 * kHour;

std::string file_name(const Digest& digest, std::string_view ending) { return to_hex(digest).append(ending); }

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

// Those that there are stay as they are. std::filesystem's function for it would be ten kilobytes of a static program.
void make_folders_above(const std::string& path) {
  for (std::size_t end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1)) {
    ::mkdir(path.substr(0, end).c_str(), S_IRWXU | S_IRWXG | S_IRWXO);
  }
}

}  // namespace

std::optional<CacheDirectory> CacheDirectory::open(const std::filesystem::path& named) {
  std::string path = named.native();
  // "cache/" names the folder, not what a link of that name leads to.
  while (path.ends_with('/')) path.pop_back();
  if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno == ENOENT) {
    make_folders_above(path);
    ::mkdir(path.c_str(), S_IRWXU);
  }
  FileDescriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  if (!directory || ::fstat(directory.get(), &status) != 0 || !is_private(status, S_IFDIR, S_IRWXU)) return std::nullopt;
  return CacheDirectory(std::move(directory));
}

CacheDirectory::Found CacheDirectory::find(const std::string& name, CacheKind kind, const Digest& digest) const {
  const FileDescriptor file(::openat(directory_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0 || !is_private(status, S_IFREG, S_IRUSR)) return {};
  if (status.st_size < static_cast<off_t>(sizeof(Trailer))) return {};
  Found found;
  found.size = static_cast<std::uint64_t>(status.st_size) - sizeof(Trailer);
  // Not through the mapping: the kernel may take 2 MiB into memory for a look at one byte.
  Trailer trailer;
  if (::pread(file.get(), &trailer, sizeof trailer, static_cast<off_t>(found.size)) != sizeof trailer) return {};
  Trailer expected;
  expected.size = found.size;
  expected.digest = digest;
  expected.checksum = trailer.checksum;
  expected.kind = kind;
  if (trailer != expected) return {};
  found.mapping = Mapping::of_file(file, static_cast<std::size_t>(status.st_size));
  if (!found.mapping) return {};
  const Bytes content = found.mapping.bytes().first(static_cast<std::size_t>(found.size));
  // A frame is long, and read at every start.
  if ((kind != CacheKind::kFrame || older_than_boot(status)) && checksum_of_file(content) != trailer.checksum) return {};
  renew_access_time(file, status);
  return found;
}

Mapping CacheDirectory::find(const Digest& digest, std::uint64_t size) const {
  Found found = find(file_name(digest, kFrameEnding), CacheKind::kFrame, digest);
  return found.size == size ? std::move(found.mapping) : Mapping();
}

std::optional<std::vector<std::byte>> CacheDirectory::find_current(const Digest& store) const {
  for (const std::string_view ending : {kCurrentEnding, kPreviousEnding}) {
    const Found found = find(file_name(store, ending), CacheKind::kCurrent, store);
    if (!found.mapping) continue;
    const Bytes content = found.mapping.bytes().first(static_cast<std::size_t>(found.size));
    return std::vector<std::byte>(content.begin(), content.end());
  }
  return std::nullopt;
}

CacheDirectory::Lock::~Lock() {
  if (folder_ >= 0) ::flock(folder_, LOCK_UN);
}

CacheDirectory::Lock CacheDirectory::lock() const noexcept {
  // Whoever has it is writing a file: that takes a moment, unless the process was stopped in it.
  constexpr int kMaxAttempts = 20;
  constexpr timespec kPause{0, 1'000'000};  // 1 ms
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    if (::flock(directory_.get(), LOCK_EX | LOCK_NB) == 0) return Lock(directory_.get());
    if (errno != EWOULDBLOCK && errno != EINTR) return Lock(directory_.get());
    ::nanosleep(&kPause, nullptr);
  }
  return Lock(-1);
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

std::string CacheDirectory::write(CacheKind kind, const Digest& digest, Bytes content) const {
  Trailer trailer;
  trailer.size = content.size();
  trailer.digest = digest;
  trailer.checksum = checksum_of_shared(content);
  trailer.kind = kind;
  std::string name;
  FileDescriptor file;
  // A process that was killed may have had the same number, and left its file.
  constexpr int kMaxAttempts = 1000;
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    name = temporary_file_name(digest);
    file = FileDescriptor(::openat(directory_.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR));
    if (file || errno != EEXIST) break;
  }
  if (!file) return {};
  // The content by one write, not in steps: where a file system has large folios (XFS; ext4 since Linux 6.16), the page cache holds what a
  // write brings in folios of up to 2 MiB, and a large frame is opened again in 50 us instead of 67.
  const bool is_whole = write_shared(file.get(), content) && write_all(file.get(), std::as_bytes(std::span(&trailer, 1)));
  if (is_whole) return name;
  ::unlinkat(directory_.get(), name.c_str(), 0);
  return {};
}

void CacheDirectory::rename_or_remove(const std::string& temporary, const std::string& name) const noexcept {
  const int folder = directory_.get();
  if (::renameat(folder, temporary.c_str(), folder, name.c_str()) != 0) ::unlinkat(folder, temporary.c_str(), 0);
}

void CacheDirectory::keep(const Digest& digest, Bytes frame) const {
  const std::string temporary = write(CacheKind::kFrame, digest, frame);
  if (!temporary.empty()) rename_or_remove(temporary, file_name(digest, kFrameEnding));
}

void CacheDirectory::keep_current(const Digest& store, Bytes copy) const {
  const std::string temporary = write(CacheKind::kCurrent, store, copy);
  if (temporary.empty()) return;
  const std::string current = file_name(store, kCurrentEnding);
  const int folder = directory_.get();
  // A file that is renamed over another is first written out by ext4 (its mount option auto_da_alloc), which takes milliseconds of
  // a refresh; two that change places are not, and at every moment one of them is there. Some file systems cannot do that.
  if (::renameat2(folder, temporary.c_str(), folder, current.c_str(), RENAME_EXCHANGE) != 0) return rename_or_remove(temporary, current);
  const std::string previous = file_name(store, kPreviousEnding);
  ::unlinkat(folder, previous.c_str(), 0);
  rename_or_remove(temporary, previous);
}

}  // namespace almanac::internal
