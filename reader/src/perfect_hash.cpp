#include "perfect_hash.h"

namespace almanac::internal {

std::uint64_t hash_long_name(std::string_view name, std::uint64_t seed) noexcept {
  return XXH3_64bits_withSeed(name.data(), name.size(), seed);
}

}  // namespace almanac::internal
