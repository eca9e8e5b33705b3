// Somebody else's program: every public header, a snapshot file, a store, and the answer of both.
#include <almanac/error.h>
#include <almanac/namespace.h>
#include <almanac/registry.h>
#include <almanac/service.h>
#include <almanac/snapshot.h>
#include <almanac/store.h>
#include <almanac/version.h>

#include <iostream>

int main(int argc, char** argv) try {
  if (argc != 3) {
    std::cerr << "usage: consumer SNAPSHOT STORE\n";
    return 2;
  }
  constexpr auto kName = "user-management-service";
  const auto snapshot = almanac::Snapshot::open(argv[1]);
  const auto from_file = snapshot.in("prod").find(kName);
  auto registry = almanac::Registry::open(argv[2], {.namespace_name = "prod"});
  const auto view = registry.view();
  const auto from_store = view.find(kName);
  if (!from_file || !from_store || from_file->uri() != from_store->uri()) return 1;
  std::cout << almanac::library_version() << ' ' << from_file->uri() << '\n';

  // An error crosses from the library to its user as the type it was thrown as.
  try {
    (void)snapshot.in("no-such-namespace");
  } catch (const almanac::Error& error) {
    return error.code() == almanac::ErrorCode::kNotFound ? 0 : 1;
  }
  return 1;
} catch (const std::exception& error) {
  std::cerr << "consumer: " << error.what() << '\n';
  return 2;
}
