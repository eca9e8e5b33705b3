// What an Error says, all of it in one expectation:
//
//   EXPECT_THAT(error_from([&] { (void)snapshot.in("x"); }), IsError(ErrorCode::kCorrupt, "x.almanac", 64U, "digest"));
#pragma once

#include <almanac/error.h>
#include <gmock/gmock.h>

#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>

namespace almanac {

inline void PrintTo(const Error& error, std::ostream* out) {
  *out << to_string(error.code()) << " of \"" << error.object() << "\" at ";
  if (error.offset()) *out << *error.offset();
  *out << ": " << error.what();
}

namespace support {

// The Error that `action` throws. Throws std::logic_error when it throws none.
template <class Action>
[[nodiscard]] Error error_from(Action&& action) {
  try {
    std::forward<Action>(action)();
  } catch (const Error& error) {
    return error;
  }
  throw std::logic_error("no almanac::Error was thrown");
}

inline constexpr std::optional<std::uint64_t> kNowhere = std::nullopt;

MATCHER_P4(IsError, code, object, offset, words, "") {
  (void)result_listener;
  const std::optional<std::uint64_t> expected(offset);
  return arg.code() == code && arg.object() == object && arg.offset() == expected &&
         std::string(arg.what()).find(words) != std::string::npos && std::string(arg.what()).starts_with(arg.object() + ": ");
}

}  // namespace support
}  // namespace almanac
