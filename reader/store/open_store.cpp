#include <almanac/registry.h>
#include <almanac/store.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "directory.h"
#include "environment.h"
#include "https.h"
#include "percent_encoding.h"
#include "s3.h"
#include "url.h"

namespace almanac {

namespace {

constexpr std::string_view kFileScheme = "file://";

// "s3" of "s3://bucket/prefix"; empty for a path.
std::string_view scheme_of(std::string_view address) {
  const std::size_t end = address.find("://");
  if (end == std::string_view::npos) return {};
  const std::string_view scheme = address.substr(0, end);
  // RFC 3986, section 3.1.
  const auto is_letter = [](unsigned char c) { return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.'; };
  return std::ranges::all_of(scheme, is_letter) ? scheme : std::string_view();
}

// Of a file address, RFC 8089; nothing for one that names a host, or bytes that no path has.
std::optional<std::string> path_in(std::string_view address) {
  address.remove_prefix(kFileScheme.size());
  if (!address.starts_with('/')) return std::nullopt;
  std::optional<std::string> path = internal::percent_decode(address);
  return path && path->find('\0') == std::string::npos ? path : std::nullopt;
}

// In the range in which it can be added to a moment, and told to libcurl.
std::chrono::milliseconds checked(std::chrono::milliseconds timeout, const char* name) {
  if (timeout <= std::chrono::milliseconds(0)) throw Error(ErrorCode::kInvalidArgument, name, "must be more than nothing");
  return std::min<std::chrono::milliseconds>(timeout, std::chrono::days(24));
}

StoreOptions checked(StoreOptions options) {
  options.connect_timeout = checked(options.connect_timeout, "connect_timeout");
  options.first_byte_timeout = checked(options.first_byte_timeout, "first_byte_timeout");
  options.total_timeout = checked(options.total_timeout, "total_timeout");
  if (options.max_attempts < 1) throw Error(ErrorCode::kInvalidArgument, "max_attempts", "must be at least 1");
  return options;
}

}  // namespace

std::unique_ptr<Store> open_store(std::string_view address, const StoreOptions& asked) {
  if (address.empty()) throw Error(ErrorCode::kInvalidArgument, "store", "has an empty address");
  const StoreOptions options = checked(asked);
  const std::string_view scheme = scheme_of(address);
  if (scheme.empty()) return internal::open_directory_store(address, address, options);
  if (scheme == "s3") return internal::open_s3_store(address, options, internal::Environment::of_process());
  if (scheme == "https" || scheme == "http") {
    return internal::open_https_store(address, options, internal::Environment::of_process());
  }
  if (address.starts_with(kFileScheme)) {
    if (const auto path = path_in(address)) return internal::open_directory_store(address, *path, options);
  }
  throw Error(ErrorCode::kInvalidArgument, internal::without_secrets(address),
              "is no address of a store; give a directory's path, file:///…, s3://bucket/prefix or https://…");
}

Registry Registry::open(std::string_view address, RegistryOptions options) {
  const std::string named = std::string(address.empty() ? internal::Environment::of_process().get("ALMANAC_URL") : address);
  if (named.empty()) {
    throw Error(ErrorCode::kInvalidArgument, "ALMANAC_URL",
                "is not set, and no address is given: it takes a directory's path, s3://bucket/prefix or https://…");
  }
  return open(std::shared_ptr<Store>(open_store(named)), std::move(options));
}

}  // namespace almanac
