// Numbers, sizes and times as people read them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace almanac::inspect {

[[nodiscard]] std::string with_thousands(std::uint64_t number);  // 1,234,567

// "512 B", "1.2 KiB", "34.0 MiB": powers of 1024 (IEC 80000-13), one digit after the point, rounded to nearest.
[[nodiscard]] std::string human_size(std::uint64_t bytes);

// "27.3": with one digit after the point, rounded to nearest; "-" when there is nothing to divide by.
[[nodiscard]] std::string ratio(std::uint64_t amount, std::uint64_t count);

// "42 %", "0.5 %", "12.3456 %": exactly.
[[nodiscard]] std::string percent_of_millionths(std::uint32_t millionths);

// "1 service", "2,000 services": for words whose plural takes an s.
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view singular);

// "2026-11-20T18:03:09Z" (RFC 3339), whole seconds, in UTC.
[[nodiscard]] std::string rfc3339(std::chrono::system_clock::time_point time);

// The same with ".250" behind the seconds where there are milliseconds: exact.
[[nodiscard]] std::string rfc3339(std::chrono::sys_time<std::chrono::milliseconds> time);

}  // namespace almanac::inspect
