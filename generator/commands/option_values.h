// What the values of options may be, beyond what CLI11 checks itself: it takes "-1" for a very large number, "nan" for
// a share, and says of "1.5MiB" only that it is no UINT.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>

namespace almanac::commands {

// Digits alone.
[[nodiscard]] CLI::Validator whole_number();
// Bytes: digits, and perhaps KiB, MiB or GiB behind them.
[[nodiscard]] CLI::Validator size_in_bytes(std::uint64_t most = UINT64_MAX);
// Seconds: digits, and perhaps s, m, h or d behind them.
[[nodiscard]] CLI::Validator duration_in_seconds();
// 0 to 100, also in decimals.
[[nodiscard]] CLI::Validator percentage();

}  // namespace almanac::commands
