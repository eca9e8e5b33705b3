#include "commands/store_argument.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <filesystem>
#include <system_error>

namespace almanac::commands {
namespace {

// More than a cold start has time for: a store that many write to at once answers some of them with 500 or 503.
constexpr int kAttempts = 10;

}  // namespace

void add_store_argument(CLI::App& command, std::string& store) {
  command.add_option("STORE", store, "The store, such as a directory")->required();
}

bool is_missing(const Store& store) {
  const std::filesystem::path path = store.identity();  // absolute of a directory, and of no other store
  std::error_code unknown;
  return path.is_absolute() && std::filesystem::status(path, unknown).type() == std::filesystem::file_type::not_found;
}

void expect_there(const Store& store) {
  if (is_missing(store)) throw Error(ErrorCode::kNotFound, std::string(store.name()), "there is no store; publish and register make one");
}

std::shared_ptr<Store> open_patiently(const std::string& address, progress::StoreProgress& progress) {
  StoreOptions options;
  options.max_attempts = kAttempts;
  options.on_progress = [&progress](std::uint64_t done, std::uint64_t total) { progress.transfer(done, total); };
  return open_store(address, options);
}

}  // namespace almanac::commands
