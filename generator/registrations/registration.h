// A registration: what one registrant says of one service. A registrant is whoever brought it: a stack, a pipeline, a host.
//
//   <root>/registrations/<namespace>/<name>/<registrant>.json
//   {"registrant":"stack/users-prod","lease":"24h","written":"5d8a1f02c97b3e64","service":{"namespace":"prod","name":"users",…}}
//
// It holds no time: its age is that of the object, by the store's clock, so who writes it again renews it. `written` is another one
// each time, for S3 makes an etag of the bytes alone, and a condition must not take what was just renewed for what it was.
// The names inside count; the key follows from them. Plain values: nothing here is shared between threads.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace almanac::registrations {

inline constexpr std::string_view kPrefix = "registrations/";
// An object that is larger is not read. A service with thousands of endpoints fits.
inline constexpr std::size_t kMaxSize = std::size_t{1} << 20U;

struct Registration {
  std::string registrant;
  std::string namespace_name;
  std::string name;
  std::optional<std::chrono::seconds> lease;  // nothing: for ever
  std::string record;  // of the service, as a line of JSON Lines without its end; canonical where this program wrote it
};

// "registrations/prod/users/stack%2Fusers-prod.json", for names of any bytes. RFC 3986's unreserved characters stay, without "~" and dots at
// the beginning; each other byte is %XX. What is longer than 160 bytes then is its beginning, "~", and the XXH3-128 of the name.
[[nodiscard]] std::string registration_key(std::string_view namespace_name, std::string_view name, std::string_view registrant);
// Whether a key is one of this registrant's.
[[nodiscard]] bool is_key_of(std::string_view key, std::string_view registrant);
// "prod/users", for people: of names that are too long for a key, what the key has of them.
[[nodiscard]] std::string service_of_key(std::string_view key);

// The bytes of the object; other ones each time. Throws Error kLimitExceeded where they would be more than kMaxSize.
[[nodiscard]] std::string encode(const Registration& registration);

// Checks everything that is checked of a document's service. Throws Error kCorrupt, about `object`.
[[nodiscard]] Registration parse_registration(std::string_view text, const std::string& object);

// "90m", "24h": whole seconds, at least one; nothing for anything else.
[[nodiscard]] std::optional<std::chrono::seconds> parse_lease(std::string_view text) noexcept;
[[nodiscard]] std::string lease_text(std::chrono::seconds lease);
inline constexpr std::string_view kLeaseForm = "a whole number above 0 of s, m, h or d, such as 24h";

}  // namespace almanac::registrations
