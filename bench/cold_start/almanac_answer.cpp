// bench-answer-almanac STORE NAMESPACE NAME CACHE: what a function does with this project, from its start to its first uri.
// CACHE is the cache directory; one that cannot be had, such as /proc/none, leaves memory.
#include <almanac/registry.h>

#include <exception>
#include <iostream>

#include "answer.h"

int main(int argc, char** argv) try {
  if (argc != 5) {
    std::cerr << "usage: bench-answer-almanac STORE NAMESPACE NAME CACHE\n";
    return 2;
  }
  auto registry = almanac::Registry::open(argv[1], {.namespace_name = argv[2], .cache_directory = argv[4]});
  const almanac::View view = registry.view();
  const auto service = view.find(argv[3]);
  return service && bench::answer(service->uri()) ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << "bench-answer-almanac: " << error.what() << '\n';
  return 2;
}
