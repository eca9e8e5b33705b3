// A directory as a store: each object a file, replaced by renaming, conditions kept by a lock.
#pragma once

#include <almanac/store.h>

#include <filesystem>
#include <memory>
#include <string_view>

namespace almanac::internal {

// `root` need not exist before the first put().
[[nodiscard]] std::unique_ptr<Store> open_directory_store(std::string_view name, std::filesystem::path root, const StoreOptions& options);

}  // namespace almanac::internal
