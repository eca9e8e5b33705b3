// What requests are signed with. Never part of a message.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace almanac::internal {

struct AccessKey {
  std::string id;
  std::string secret;
  std::string session_token;  // empty for a lasting key
  [[nodiscard]] bool operator==(const AccessKey&) const = default;
};

struct Credentials {
  AccessKey key;
  std::optional<std::chrono::system_clock::time_point> expiration;  // none: nobody said
};

}  // namespace almanac::internal
