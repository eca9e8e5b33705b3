// The same from a registry at any address, a directory, s3 or https: almanac::reader and almanac::store.
#include <almanac/registry.h>

#include <exception>
#include <iostream>

int main(int argc, char** argv) try {
  if (argc != 4) return 2;
  auto registry = almanac::Registry::open(argv[1], {.namespace_name = argv[2]});
  const almanac::View view = registry.view();
  const auto found = view.find(argv[3]);
  if (!found) return 1;
  std::cout << found->uri() << '\n';
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
