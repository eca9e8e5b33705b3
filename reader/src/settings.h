// What a registry is opened with: an option that is given, else the environment, else the default.
#pragma once

#include <almanac/registry.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace almanac::internal {

// As good as never, and a time that every clock can still hold.
inline constexpr std::chrono::milliseconds kLongest = std::chrono::hours(24 * 365 * 100);

// The options with nothing left out: max_age and min_generation have values, the caller has an instance, durations are between 0 and kLongest, and only
// namespace_name, cache_directory (when there is no folder for temporary files) and bundled may still be empty.
// Throws Error kInvalidArgument that names the variable whose value cannot be read.
[[nodiscard]] RegistryOptions settled(RegistryOptions options);

// "500ms", "60s", "5m", "1h", and a number alone is of seconds. Throws Error kInvalidArgument that names `variable`.
[[nodiscard]] std::chrono::milliseconds parse_duration(std::string_view text, const std::string& variable);
// A whole number. Throws the same.
[[nodiscard]] std::uint64_t parse_generation(std::string_view text, const std::string& variable);

}  // namespace almanac::internal
