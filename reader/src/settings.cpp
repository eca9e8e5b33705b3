#include "settings.h"

#include <almanac/error.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <span>
#include <system_error>
#include <utility>

#include "backoff.h"
#include "digest.h"

namespace almanac::internal {

namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds kDefaultMaxAge(60);

struct Unit {
  std::string_view name;
  milliseconds size;
};
constexpr std::array<Unit, 6> kUnits = {{{"ms", milliseconds(1)},
                                         {"s", std::chrono::seconds(1)},
                                         {"m", std::chrono::minutes(1)},
                                         {"h", std::chrono::hours(1)},
                                         {"d", std::chrono::days(1)},
                                         {"", std::chrono::seconds(1)}}};

// Empty: not set.
std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

// The number that `text` begins with; what is behind it is left there.
bool take_number(std::string_view& text, std::uint64_t& number) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return failure == std::errc();
}

[[noreturn]] void refuse(const std::string& variable, std::string_view text, const char* takes) {
  throw Error(ErrorCode::kInvalidArgument, variable, "takes " + std::string(takes) + ", got \"" + std::string(text) + "\"");
}

std::filesystem::path default_cache_directory() {
  std::error_code failure;
  const std::filesystem::path temporary = std::filesystem::temp_directory_path(failure);
  return failure ? std::filesystem::path() : temporary / ("almanac-" + std::to_string(::geteuid()));
}

constexpr const char* kInstance = "instance";  // the property

// Drawn once. No lock, which another thread could hold while this one forks.
std::uint64_t random_of_process() noexcept {
  static std::atomic<std::uint64_t> drawn = 0;  // 0: not yet
  std::uint64_t before = 0;
  const std::uint64_t bits = std::max<std::uint64_t>(random_bits(), 1);
  return drawn.compare_exchange_strong(before, bits) ? bits : before;
}

// A child that was forked has the random number of its parent, and a number of its own.
std::string instance_of_process() {
  const std::array<std::uint64_t, 2> both = {random_of_process(), static_cast<std::uint64_t>(::getpid())};
  return to_hex(digest_of(std::as_bytes(std::span(both))));
}

}  // namespace

milliseconds parse_duration(std::string_view text, const std::string& variable) {
  std::string_view rest = text;
  std::uint64_t number = 0;
  const bool is_number = take_number(rest, number);
  const auto* unit = std::ranges::find(kUnits, rest, &Unit::name);
  if (!is_number || unit == kUnits.end()) refuse(variable, text, "a time such as 60s, 500ms, 5m, 1h, 1d or a number of seconds");
  const std::uint64_t most = static_cast<std::uint64_t>(kLongest / unit->size);
  return unit->size * static_cast<milliseconds::rep>(std::min(number, most));
}

std::uint64_t parse_generation(std::string_view text, const std::string& variable) {
  std::string_view rest = text;
  std::uint64_t number = 0;
  if (!take_number(rest, number) || !rest.empty()) refuse(variable, text, "the number of a generation, 0 or more");
  return number;
}

RegistryOptions settled(RegistryOptions options) {
  if (options.namespace_name.empty()) options.namespace_name = environment("ALMANAC_NAMESPACE");
  if (options.cache_directory.empty()) options.cache_directory = environment("ALMANAC_CACHE_DIR");
  if (options.cache_directory.empty()) options.cache_directory = default_cache_directory();
  if (options.bundled.empty()) options.bundled = environment("ALMANAC_BUNDLED");
  if (!options.max_age) {
    const std::string text = environment("ALMANAC_MAX_AGE");
    options.max_age = text.empty() ? kDefaultMaxAge : parse_duration(text, "ALMANAC_MAX_AGE");
  }
  if (!options.min_generation) {
    const std::string text = environment("ALMANAC_MIN_GENERATION");
    options.min_generation = text.empty() ? 0 : parse_generation(text, "ALMANAC_MIN_GENERATION");
  }
  if (!options.caller) options.caller = Caller::from_environment();
  if (options.caller->get(kInstance).empty()) options.caller->set(kInstance, instance_of_process());
  for (milliseconds* duration : {&*options.max_age, &options.open_deadline, &options.refresh_deadline})
    *duration = std::clamp(*duration, milliseconds::zero(), kLongest);
  return options;
}

}  // namespace almanac::internal
