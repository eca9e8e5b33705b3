// The store of a command: the argument that names it, and how it is opened.
#pragma once

#include <almanac/store.h>

#include <memory>
#include <string>

#include "progress/store_progress.h"

namespace CLI {
class App;
}

namespace almanac::commands {

// "STORE", the first argument of commands that are about a store.
void add_store_argument(CLI::App& command, std::string& store);

// Whether it is a directory that is not there (yet), which the first write would make.
[[nodiscard]] bool is_missing(const Store& store);
// For commands that are about what a store holds: throws Error kNotFound where is_missing().
void expect_there(const Store& store);

// Shows what moves; `progress` must outlive the store. Throws as open_store().
[[nodiscard]] std::shared_ptr<Store> open_patiently(const std::string& address, progress::StoreProgress& progress);

}  // namespace almanac::commands
