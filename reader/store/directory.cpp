#include "directory.h"

#include <almanac/error.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "byte_source.h"
#include "file_descriptor.h"
#include "whole_file.h"

namespace almanac::internal {

namespace {

constexpr std::int64_t kNanoseconds = 1'000'000'000;
// Hidden, as are the temporary files: no key begins with a dot.
constexpr const char* kLockName = ".lock";

// Who holds the lock renames one file, or lists.
constexpr std::chrono::milliseconds kBetweenTries(2);

std::int64_t nanoseconds(const timespec& time) { return time.tv_sec * kNanoseconds + time.tv_nsec; }

// put() makes the time of a key's file grow with every version, so no two have the same etag.
std::string etag_of(const struct stat& status) {
  return std::to_string(nanoseconds(status.st_mtim)) + "-" + std::to_string(status.st_size) + "-" + std::to_string(status.st_ino);
}

bool is_key(std::string_view key) {
  while (!key.empty()) {
    const std::size_t slash = std::min(key.find('/'), key.size());
    const std::string_view segment = key.substr(0, slash);
    if (segment.empty() || segment.front() == '.' || segment.find('\0') != std::string_view::npos) return false;
    if (slash == key.size()) return true;
    key.remove_prefix(slash + 1);
  }
  return false;
}

class DirectoryStore final : public Store {
 public:
  DirectoryStore(std::string_view name, std::filesystem::path root, const StoreOptions& options)
      : name_(name), root_(std::move(root)), longest_wait_(options.total_timeout) {
    while (name_.size() > 1 && name_.ends_with('/') && !name_.ends_with(":///")) name_.pop_back();
  }

  [[nodiscard]] std::string_view name() const noexcept override { return name_; }

  [[nodiscard]] std::string identity() const override {
    std::error_code failure;
    const std::filesystem::path path = std::filesystem::absolute(root_, failure).lexically_normal();
    if (failure) throw Error(ErrorCode::kInputOutput, name_, "has no absolute path: " + failure.message());
    return path.has_filename() ? path.string() : path.parent_path().string();
  }

  [[nodiscard]] std::optional<Object> get(std::string_view key, const GetOptions& options) override {
    const std::filesystem::path path = path_of(key);
    ++requests_;
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) fail(path, "cannot be opened");
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) fail(path, "cannot be examined");
    if (!S_ISREG(status.st_mode)) throw Error(ErrorCode::kInputOutput, path.string(), "is not a regular file");
    Object object;
    object.etag = etag_of(status);
    object.size = static_cast<std::uint64_t>(status.st_size);
    if (!options.if_match.empty() && options.if_match != object.etag)
      throw Error(ErrorCode::kConflict, path.string(), "has changed meanwhile");
    if (!options.if_none_match.empty() && options.if_none_match == object.etag) return std::nullopt;
    const std::uint64_t available = object.size - std::min(options.offset, object.size);
    const std::uint64_t size = std::min(options.size.value_or(available), available);
    if (size > options.max_size) {
      throw Error(ErrorCode::kLimitExceeded, path.string(),
                  "has " + std::to_string(size) + " bytes where at most " + std::to_string(options.max_size) + " can be meant");
    }
    const bool is_put = options.max_size <= options.into.size();
    if (is_put) {
      object.bytes_put = static_cast<std::size_t>(size);
    } else {
      object.bytes.resize(static_cast<std::size_t>(size));
    }
    read_file(file, path.string(), options.offset, is_put ? options.into.first(object.bytes_put) : std::span(object.bytes));
    bytes_ += size;
    return object;
  }

  [[nodiscard]] bool put(std::string_view key, std::span<const std::byte> bytes, const PutCondition& condition) override {
    const std::filesystem::path path = path_of(key);
    std::error_code failure;
    std::filesystem::create_directories(path.parent_path(), failure);
    if (failure) throw Error(ErrorCode::kInputOutput, path.parent_path().string(), "cannot be created: " + failure.message());
    PendingFile pending(path, bytes);
    const FileDescriptor lock = locked();
    struct stat before {};
    const bool present = ::stat(path.c_str(), &before) == 0;
    if (!present && errno != ENOENT) fail(path, "cannot be examined");
    if (condition.kind == PutCondition::Kind::kIfAbsent && present) return false;
    if (condition.kind == PutCondition::Kind::kIfMatch && (!present || etag_of(before) != condition.etag)) return false;
    advance_time(pending.descriptor(), present ? std::optional(nanoseconds(before.st_mtim)) : std::nullopt, path);
    pending.commit();
    return true;
  }

  [[nodiscard]] std::vector<ObjectInfo> list(std::string_view prefix) override {
    std::vector<ObjectInfo> objects;
    std::error_code failure;
    // On tmpfs a name that is renamed over moves within its folder, and a walk would miss it or meet it twice.
    const FileDescriptor lock = locked_if_allowed();
    // No deeper than its keys need, for a store may have many that begin otherwise.
    const std::size_t slash = prefix.rfind('/');
    const std::string_view folder = slash == std::string_view::npos ? std::string_view() : prefix.substr(0, slash);
    const std::filesystem::path start = is_key(folder) ? root_ / folder : root_;
    std::filesystem::recursive_directory_iterator entry(start, failure);
    const bool is_object = failure == std::errc::not_a_directory && std::filesystem::is_directory(root_);
    if (is_object || failure == std::errc::no_such_file_or_directory) return objects;
    for (; !failure && entry != std::filesystem::recursive_directory_iterator(); entry.increment(failure)) {
      std::string key = entry->path().lexically_relative(root_).generic_string();
      if (!is_key(key) || !key.starts_with(prefix)) continue;
      struct stat status {};
      if (::stat(entry->path().c_str(), &status) != 0) {
        if (errno == ENOENT) continue;  // gone meanwhile
        fail(entry->path(), "cannot be examined");
      }
      if (!S_ISREG(status.st_mode)) continue;
      const std::chrono::nanoseconds modified(nanoseconds(status.st_mtim));
      objects.push_back({std::move(key), static_cast<std::uint64_t>(status.st_size), std::chrono::system_clock::time_point(modified)});
    }
    if (failure) throw Error(ErrorCode::kInputOutput, name_, "cannot be listed: " + failure.message());
    std::ranges::sort(objects, {}, &ObjectInfo::key);
    const auto again = std::ranges::unique(objects, {}, &ObjectInfo::key);
    objects.erase(again.begin(), again.end());
    return objects;
  }

  [[nodiscard]] bool remove(std::string_view key, const PutCondition& condition) override {
    const std::filesystem::path path = path_of(key);
    if (condition.kind == PutCondition::Kind::kIfAbsent)
      throw Error(ErrorCode::kInvalidArgument, path.string(), "cannot be removed on the condition that it is absent");
    struct stat status {};
    if (::stat(root_.c_str(), &status) != 0 && errno == ENOENT) return true;
    const FileDescriptor lock = locked();
    const bool is_conditional = condition.kind == PutCondition::Kind::kIfMatch;
    if (is_conditional && ::stat(path.c_str(), &status) == 0 && etag_of(status) != condition.etag) return false;
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) fail(path, "cannot be removed");
    return true;
  }

  [[nodiscard]] StoreTraffic traffic() const noexcept override { return {requests_, bytes_}; }

 private:
  [[noreturn]] static void fail(const std::filesystem::path& path, const char* what) {
    const int number = errno;
    const ErrorCode code = number == ENOENT || number == ENOTDIR ? ErrorCode::kNotFound
                           : number == EACCES || number == EPERM ? ErrorCode::kPermissionDenied
                                                                 : ErrorCode::kInputOutput;
    throw Error(code, path.string(), std::string(what) + ": " + std::generic_category().message(number));
  }

  [[nodiscard]] std::filesystem::path path_of(std::string_view key) const {
    if (!is_key(key)) throw Error(ErrorCode::kInvalidArgument, name_, "\"" + std::string(key) + "\" is no key of an object");
    return root_ / key;
  }

  // Held until it is closed: by its owner, or by the kernel when the process ends.
  [[nodiscard]] FileDescriptor locked() const {
    const std::filesystem::path path = root_ / kLockName;
    FileDescriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!lock) fail(path, "cannot be opened");
    hold(lock, path);
    return lock;
  }

  // For who only looks: none where nobody has written yet, or this process may not.
  [[nodiscard]] FileDescriptor locked_if_allowed() const {
    const std::filesystem::path path = root_ / kLockName;
    FileDescriptor lock(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    if (lock) hold(lock, path);
    return lock;
  }

  void hold(const FileDescriptor& lock, const std::filesystem::path& path) const {
    for (const auto end = std::chrono::steady_clock::now() + longest_wait_; ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0;) {
      if (errno != EWOULDBLOCK && errno != EINTR) fail(path, "cannot be locked");
      if (std::chrono::steady_clock::now() >= end) {
        throw Error(ErrorCode::kTimedOut, path.string(),
                    "was held by another process for " + std::to_string(longest_wait_.count()) +
                        " ms; wait for that process (\"fuser\" names it), or end it, and try again");
      }
      std::this_thread::sleep_for(kBetweenTries);
    }
  }

  // By a second at the least: a web server that shows the folder may make its ETag of whole seconds and the size.
  static void advance_time(const FileDescriptor& file, std::optional<std::int64_t> before, const std::filesystem::path& path) {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    const std::int64_t time = before ? std::max(nanoseconds(now), *before + kNanoseconds) : nanoseconds(now);
    const timespec times[2] = {{0, UTIME_OMIT}, {time / kNanoseconds, time % kNanoseconds}};
    if (::futimens(file.get(), times) != 0) fail(path, "cannot be given its time");
  }

  std::string name_;
  std::filesystem::path root_;
  std::chrono::milliseconds longest_wait_;
  std::atomic<std::uint64_t> requests_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
};

}  // namespace

std::unique_ptr<Store> open_directory_store(std::string_view name, std::filesystem::path root, const StoreOptions& options) {
  return std::make_unique<DirectoryStore>(name, std::move(root), options);
}

}  // namespace almanac::internal
