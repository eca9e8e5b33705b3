// The limits of a registry, as schema/FORMAT.md states them. Sizes are bytes of UTF-8.
#pragma once

#include <cstddef>

namespace almanac::model {

inline constexpr std::size_t kMaxRegistryName = 255;
inline constexpr std::size_t kMaxRevision = 1024;
inline constexpr std::size_t kMaxPinReason = 1024;
inline constexpr std::size_t kMaxNamespaceName = 255;
inline constexpr std::size_t kMaxServiceName = 1024;
inline constexpr std::size_t kMaxRegistrant = 1024;
inline constexpr std::size_t kMaxUri = 8192;
inline constexpr std::size_t kMaxValue = 64 * 1024;
inline constexpr std::size_t kMaxDescription = 64 * 1024;
inline constexpr std::size_t kMaxVersion = 255;
inline constexpr std::size_t kMaxZone = 255;
inline constexpr std::size_t kMaxTag = 255;
inline constexpr std::size_t kMaxAttributeKey = 255;
inline constexpr std::size_t kMaxAttributeValue = 4096;
inline constexpr std::size_t kMaxTags = 255;         // of one service or endpoint
inline constexpr std::size_t kMaxAttributes = 255;   // of one service or endpoint
inline constexpr std::size_t kMaxEndpoints = 65535;  // of one service
inline constexpr std::size_t kMaxParents = 255;      // of one namespace
inline constexpr long kMaxWeight = 65535;

}  // namespace almanac::model
