// An object that may not be there.
//
//   if (const std::optional<Object> current = look_at(store, "current")) remember(current->etag);
#pragma once

#include <almanac/store.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace almanac::publish {

// As Store::get(), but for an object that is not there: that gives nothing.
[[nodiscard]] std::optional<Object> look_at(Store& store, std::string_view key, const GetOptions& options);
// The object, or the beginning of it, whatever is in it.
[[nodiscard]] std::optional<Object> look_at(Store& store, std::string_view key, std::uint64_t size = 1);

}  // namespace almanac::publish
