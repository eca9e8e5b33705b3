// bench-refresh STORE NAMESPACE NAME CACHE: opens the registry that is live, and then looks at the store once for each line of stdin.
// Each time, the opening included, it prints a line: {"uri", "generation", "nanoseconds"}; of a look these are until the uri is known.
#include <almanac/registry.h>

#include <chrono>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

int main(int argc, char** argv) try {
  if (argc != 5) {
    std::cerr << "usage: bench-refresh STORE NAMESPACE NAME CACHE\n";
    return 2;
  }
  using Clock = std::chrono::steady_clock;
  // A max_age of nothing: each view() looks at the store.
  const std::chrono::milliseconds always(0);
  Clock::time_point begin = Clock::now();
  auto registry = almanac::Registry::open(argv[1], {.namespace_name = argv[2], .cache_directory = argv[4], .max_age = always});
  const auto tell = [&](const almanac::View& view) {
    const auto service = view.find(argv[3]);
    const auto time = std::chrono::nanoseconds(Clock::now() - begin);
    if (!service) throw std::runtime_error(std::string("there is no ") + argv[3]);
    if (const std::string error = registry.status().last_error; !error.empty()) throw std::runtime_error(error);
    const nlohmann::ordered_json line{{"uri", service->uri()}, {"generation", view.generation()}, {"nanoseconds", time.count()}};
    std::cout << line << std::endl;
  };
  tell(registry.view());
  for (std::string line; std::getline(std::cin, line);) {
    begin = Clock::now();
    tell(registry.view());
  }
  return 0;
} catch (const std::exception& error) {
  std::cerr << "bench-refresh: " << error.what() << '\n';
  return 2;
}
