#include "publish/look_at.h"

#include <almanac/error.h>

namespace almanac::publish {

std::optional<Object> look_at(Store& store, std::string_view key, const GetOptions& options) {
  try {
    return store.get(key, options).value();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNotFound) throw;
    return std::nullopt;
  }
}

std::optional<Object> look_at(Store& store, std::string_view key, std::uint64_t size) {
  GetOptions options;
  options.size = size;
  return look_at(store, key, options);
}

}  // namespace almanac::publish
