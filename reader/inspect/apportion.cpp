#include "apportion.h"

#include <algorithm>
#include <numeric>

namespace almanac::inspect {
namespace {

// A product of two 64-bit numbers; an extension that every supported compiler has.
__extension__ using Wide = unsigned __int128;

}  // namespace

std::vector<std::uint64_t> apportion(std::uint64_t total, std::span<const std::uint64_t> weights) {
  const std::size_t count = weights.size();
  if (count == 0) return {};
  Wide sum = 0;
  for (const std::uint64_t weight : weights) sum += weight;
  const bool equal = sum == 0;
  if (equal) sum = count;

  std::vector<std::uint64_t> shares(count);
  std::vector<Wide> remainders(count);
  std::uint64_t left = total;
  for (std::size_t i = 0; i < count; ++i) {
    const Wide product = Wide{total} * (equal ? 1 : weights[i]);
    shares[i] = static_cast<std::uint64_t>(product / sum);
    remainders[i] = product % sum;
    left -= shares[i];
  }
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  // The remainders sum to `left` times `sum`, and each is below `sum`: there are more of them than `left`.
  for (std::size_t i = 0; i < left; ++i) ++shares[order[i]];
  return shares;
}

}  // namespace almanac::inspect
