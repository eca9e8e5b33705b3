// One of a range of endpoints, by weight. reader/CALLERS.md, "Choosing an endpoint", is normative.
#pragma once

#include <almanac/endpoint.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

#include "perfect_hash.h"
#include "random.h"

namespace almanac::internal {

// In one walk, as a reservoir of one: each endpoint takes the place of the one before it with the probability of its share in
// the weights so far. Without a `seed`, one is drawn when it is needed, which one endpoint alone does not.
template <class Range>
std::optional<Endpoint> pick_at_random(const Range& range, std::optional<std::uint64_t> seed) noexcept {
  std::optional<Endpoint> picked;
  std::optional<RandomSequence> sequence;
  std::uint32_t total = 0;  // of 65,535 endpoints at most, with weights up to 65,535
  for (const Endpoint& endpoint : range) {
    const std::uint32_t weight = endpoint.weight();
    if (weight == 0) continue;
    total += weight;
    if (picked) {
      if (!sequence) sequence.emplace(seed ? *seed : random_seed());
      if (spread(sequence->next(), total) >= weight) continue;
    }
    picked = endpoint;
  }
  return picked;
}

// Weighted rendezvous: the largest weight / -ln(u), where u in (0, 1) is drawn by hashing the key and the endpoint's uri. Thaler and
// Ravishankar, "Using Name-Based Mappings to Increase Hit Rates" (1998); the weights after Schindelhauer and Schomaker, "Weighted
// Distributed Hash Tables" (SPAA 2005), the logarithmic method, which divides -ln(u) by the weight and takes the smallest.
template <class Range>
std::optional<Endpoint> pick_by_key(const Range& range, std::string_view key) noexcept {
  const std::uint64_t seed = hash_name(key, 0);
  std::optional<Endpoint> picked;
  double best = 0;
  for (const Endpoint& endpoint : range) {
    const std::uint16_t weight = endpoint.weight();
    if (weight == 0) continue;
    // The middle of one of 2^52 equal parts: exact in a double, and neither 0 nor 1.
    const double u = (static_cast<double>(hash_name(endpoint.uri(), seed) >> 12U) + 0.5) * 0x1p-52;
    const double score = weight / -std::log(u);
    if (score <= best) continue;
    best = score;
    picked = endpoint;
  }
  return picked;
}

}  // namespace almanac::internal
