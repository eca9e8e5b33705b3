#include "commands/store_argument.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace almanac::commands {
namespace {

// More than a cold start has time for: a store that many write to at once answers some of them with 500 or 503.
constexpr int kAttempts = 10;

}  // namespace

void add_store_argument(CLI::App& command, std::string& store) {
  command.add_option("STORE", store, "The store, such as a directory")->required();
}

std::shared_ptr<Store> open_patiently(const std::string& address, progress::StoreProgress& progress) {
  StoreOptions options;
  options.max_attempts = kAttempts;
  options.on_progress = [&progress](std::uint64_t done, std::uint64_t total) { progress.transfer(done, total); };
  return open_store(address, options);
}

}  // namespace almanac::commands
