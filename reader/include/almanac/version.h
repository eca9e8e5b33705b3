// The version of this library and of the format it reads.
#pragma once

#if __cplusplus < 202002L
#error "almanac needs C++20: compile with -std=c++20"
#endif

#define ALMANAC_VERSION_MAJOR 0
#define ALMANAC_VERSION_MINOR 1
#define ALMANAC_VERSION_PATCH 0

#if defined(ALMANAC_STATIC)
#define ALMANAC_EXPORT
#else
#define ALMANAC_EXPORT __attribute__((visibility("default")))
#endif

namespace almanac {

// Snapshots of this major version are read, whatever their minor version (schema/FORMAT.md).
inline constexpr int kFormatMajor = 1;
inline constexpr int kFormatMinor = 1;

// "0.1.0": of the library that is linked, which may be newer than these headers.
[[nodiscard]] ALMANAC_EXPORT const char* library_version() noexcept;

}  // namespace almanac
