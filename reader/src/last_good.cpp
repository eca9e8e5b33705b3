#include "last_good.h"

#include <almanac/error.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <system_error>
#include <utility>

#include "cache.h"

namespace almanac::internal {

namespace {

// An address means the same everywhere; a path that is not absolute, and a name that somebody made up for a store
// of their own, mean something only where they were given.
std::string everywhere(std::string_view store) {
  if (store.find("://") != std::string_view::npos) return std::string(store);
  std::error_code failure;
  const std::filesystem::path absolute = std::filesystem::absolute(store, failure);
  return failure ? std::string(store) : absolute.lexically_normal().string();
}

// What cannot be read is worth nothing, and is as old as can be.
std::uint64_t generation_of(const std::vector<std::byte>& copy) {
  try {
    return parse_announcement(copy, "copy").announcement.generation;
  } catch (const Error&) {
    return 0;
  }
}

}  // namespace

LastGood::LastGood(std::filesystem::path folder, std::string_view store)
    : folder_(std::move(folder)), store_(digest_of(as_bytes(everywhere(store)))) {}

std::string LastGood::name() const { return (folder_ / (to_hex(store_) + ".current")).string(); }

std::vector<std::byte> LastGood::read() const {
  if (folder_.empty()) throw Error(ErrorCode::kNotFound, "the cache directory", "there is none");
  const auto directory = CacheDirectory::open(folder_);
  if (!directory) {
    throw Error(ErrorCode::kInputOutput, folder_.string(), "is not used: it must be a folder of this user's own with mode 0700");
  }
  std::optional<std::vector<std::byte>> copy = directory->find_current(store_);
  if (!copy) throw Error(ErrorCode::kNotFound, folder_.string(), "holds no copy of this store, or none that is whole");
  return *std::move(copy);
}

void LastGood::keep(const LiveSnapshot& live) const noexcept {
  try {
    if (folder_.empty()) return;
    check_carried(live);
    const auto directory = CacheDirectory::open(folder_);
    if (!directory || !directory->lock()) return;
    const std::vector<std::byte>& bytes = *live.object;
    const auto there = directory->find_current(store_);
    if (there && (*there == bytes || generation_of(*there) > live.announcement.generation)) return;
    CacheImage image = directory->create(store_, bytes.size(), CacheKind::kCurrent);
    std::ranges::copy(bytes, image.content().begin());
    image.commit();
  } catch (const std::exception&) {
    // The copy that is there stays; the next generation tries again.
  }
}

}  // namespace almanac::internal
