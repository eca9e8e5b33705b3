#include "compile/perfect_hash_builder.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "compile/compile_error.h"
#include "perfect_hash.h"

namespace almanac::compile {

namespace {

constexpr std::uint32_t kNamesPerBucket = 4;
constexpr std::uint32_t kSlotsPerSpare = 49;  // 98 % of the slots are taken
constexpr std::uint64_t kMaxSeeds = 256;
constexpr std::uint32_t kMaxPilot = 0xFFFF;

class Builder {
 public:
  Builder(std::vector<std::uint64_t> hashes, std::uint32_t buckets, std::uint32_t slots)
      : slots_(slots), pilots_(buckets), hashes_(std::move(hashes)), bucket_begin_(buckets + 1), taken_(slots) {}

  // The pilots, or nothing when some bucket has none.
  std::optional<std::vector<std::uint16_t>> build() {
    deal_into_buckets();
    for (const std::uint32_t bucket : largest_first()) {
      if (!place(bucket)) return std::nullopt;
    }
    return std::move(pilots_);
  }

 private:
  [[nodiscard]] std::uint32_t size_of(std::uint32_t bucket) const { return bucket_begin_[bucket + 1] - bucket_begin_[bucket]; }

  // Buckets are ranges of hashes: sorted hashes lie bucket after bucket.
  void deal_into_buckets() {
    std::sort(hashes_.begin(), hashes_.end());
    const auto buckets = static_cast<std::uint32_t>(pilots_.size());
    for (const std::uint64_t hash : hashes_) ++bucket_begin_[internal::bucket_of(hash, buckets) + 1];
    for (std::uint32_t i = 0; i < buckets; ++i) bucket_begin_[i + 1] += bucket_begin_[i];
  }

  [[nodiscard]] std::vector<std::uint32_t> largest_first() const {
    std::vector<std::uint32_t> by_size;  // counting sort: how many buckets are larger
    for (std::uint32_t bucket = 0; bucket < pilots_.size(); ++bucket) {
      if (size_of(bucket) >= by_size.size()) by_size.resize(size_of(bucket) + 1);
      ++by_size[size_of(bucket)];
    }
    std::uint32_t next = 0;
    for (std::size_t size = by_size.size(); size-- > 0;) next += std::exchange(by_size[size], next);
    std::vector<std::uint32_t> order(pilots_.size());
    for (std::uint32_t bucket = 0; bucket < pilots_.size(); ++bucket) order[by_size[size_of(bucket)]++] = bucket;
    return order;
  }

  bool place(std::uint32_t bucket) {
    const std::span<const std::uint64_t> names(hashes_.data() + bucket_begin_[bucket], size_of(bucket));
    for (std::uint32_t pilot = 0; pilot <= kMaxPilot; ++pilot) {
      if (place_with(names, static_cast<std::uint16_t>(pilot))) {
        pilots_[bucket] = static_cast<std::uint16_t>(pilot);
        return true;
      }
    }
    return false;
  }

  bool place_with(std::span<const std::uint64_t> names, std::uint16_t pilot) {
    std::size_t placed = 0;
    while (placed < names.size()) {
      const std::uint64_t slot = internal::slot_of(names[placed], pilot, slots_);
      if (taken_[slot]) break;
      taken_[slot] = true;
      ++placed;
    }
    if (placed == names.size()) return true;
    while (placed > 0) taken_[internal::slot_of(names[--placed], pilot, slots_)] = false;
    return false;
  }

  std::uint32_t slots_;
  std::vector<std::uint16_t> pilots_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> bucket_begin_;
  std::vector<bool> taken_;
};

}  // namespace

PerfectHash build_perfect_hash(std::uint32_t rows, const std::function<std::string_view(std::uint32_t)>& name_at) {
  PerfectHash result;
  if (rows == 0) return result;
  const std::uint32_t buckets = (rows + kNamesPerBucket - 1) / kNamesPerBucket;
  result.slots = rows + (rows + kSlotsPerSpare - 1) / kSlotsPerSpare;
  for (; result.seed < kMaxSeeds; ++result.seed) {
    std::vector<std::uint64_t> hashes(rows);
    for (std::uint32_t row = 0; row < rows; ++row) hashes[row] = internal::hash_name(name_at(row), result.seed);
    if (auto pilots = Builder(std::move(hashes), buckets, result.slots).build()) {
      result.pilots = *std::move(pilots);
      return result;
    }
  }
  throw CompileError("no perfect hash found in " + std::to_string(kMaxSeeds) + " trials for " + std::to_string(rows) + " names");
}

}  // namespace almanac::compile
