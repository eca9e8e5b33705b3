#include <almanac/registry.h>
#include <almanac/store.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "directory.h"
#include "environment.h"

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

}  // namespace

std::unique_ptr<Store> open_store(std::string_view address, const StoreOptions& /*options*/) {
  if (address.empty()) throw Error(ErrorCode::kInvalidArgument, "store", "has an empty address");
  const std::string_view scheme = scheme_of(address);
  if (scheme.empty()) return internal::open_directory_store(address, address);
  if (address.starts_with(kFileScheme) && address.substr(kFileScheme.size()).starts_with('/')) {
    return internal::open_directory_store(address, address.substr(kFileScheme.size()));
  }
  throw Error(ErrorCode::kInvalidArgument, std::string(address), "is no address of a store; give a directory's path, or file:///…");
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
