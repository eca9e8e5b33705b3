#include "commands/option_values.h"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/ascii.h"

namespace almanac::commands {
namespace {

using Units = std::vector<std::pair<std::string_view, std::uint64_t>>;

// Some decades, in seconds.
constexpr std::uint64_t kLongest = 1'000'000'000;

std::optional<std::uint64_t> amount_of(std::string_view text, const Units& units, std::uint64_t most) {
  const std::optional<std::uint64_t> number = internal::take_number(text);
  if (!number) return std::nullopt;
  std::uint64_t factor = text.empty() ? 1 : 0;
  for (const auto& [unit, size] : units) {
    if (text == unit) factor = size;
  }
  if (factor == 0 || *number > most / factor) return std::nullopt;
  return *number * factor;
}

// Replaces the text by the amount in digits.
CLI::Validator amount(Units units, std::uint64_t most, const std::string& rule) {
  return {[units = std::move(units), most, rule](std::string& text) {
            const std::optional<std::uint64_t> amount = amount_of(text, units, most);
            if (!amount) return "must be " + rule + ", got \"" + text + "\"";
            text = std::to_string(*amount);
            return std::string();
          },
          ""};
}

}  // namespace

CLI::Validator whole_number() { return amount({}, UINT64_MAX, "a whole number"); }

CLI::Validator size_in_bytes(std::uint64_t most) {
  const Units units = {{"KiB", 1U << 10U}, {"MiB", 1U << 20U}, {"GiB", 1U << 30U}};
  std::string rule = "a whole number of bytes, KiB, MiB or GiB, such as 1536KiB";
  if (most != UINT64_MAX) rule += ", and at most " + std::to_string(most >> 20U) + "MiB";
  return amount(units, most, rule);
}

CLI::Validator duration_in_seconds() {
  const Units units = {{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};
  return amount(units, kLongest, "a whole number of s, m, h or d, such as 90m");
}

CLI::Validator percentage() {
  return {[](std::string& text) {
            double share = 0;
            const auto parsed = std::from_chars(text.data(), text.data() + text.size(), share);
            const bool is_number = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() && std::isfinite(share);
            return is_number && share >= 0 && share <= 100 ? std::string() : "must be 0 to 100, got \"" + text + "\"";
          },
          ""};
}

}  // namespace almanac::commands
