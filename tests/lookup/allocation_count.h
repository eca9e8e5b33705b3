// How often this program has asked for memory.
#pragma once

#include <cstdint>

#if defined(__has_feature)
#define ALMANAC_HAS_FEATURE(name) __has_feature(name)
#else
#define ALMANAC_HAS_FEATURE(name) 0
#endif
#if defined(__SANITIZE_THREAD__) || ALMANAC_HAS_FEATURE(thread_sanitizer)
#define ALMANAC_THREAD_SANITIZER
#endif
#if defined(__SANITIZE_ADDRESS__) || ALMANAC_HAS_FEATURE(address_sanitizer)
#define ALMANAC_ADDRESS_SANITIZER
#endif

namespace almanac::lookup {

// Of all threads, since the program began; malloc and all its relatives, so operator new as well.
[[nodiscard]] std::uint64_t allocation_count() noexcept;

}  // namespace almanac::lookup
