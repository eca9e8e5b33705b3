// A folder of a web server as a store that is only read: https://host/path, or http://.
#pragma once

#include <almanac/store.h>

#include <memory>
#include <string_view>

#include "environment.h"

namespace almanac::internal {

// Throws Error kInvalidArgument for an address that cannot be.
[[nodiscard]] std::unique_ptr<Store> open_https_store(std::string_view address, const StoreOptions& options, Environment environment);

}  // namespace almanac::internal
