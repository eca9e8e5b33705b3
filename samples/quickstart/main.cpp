// Where is this service? Asks the registry that is live in a store:
//
//   quickstart /srv/acme prod user-management-service
#include <almanac/registry.h>

#include <iostream>

int main(int argc, char** argv) try {
  if (argc != 4) {
    std::cerr << "usage: quickstart STORE NAMESPACE NAME\n";
    return 2;
  }
  auto registry = almanac::Registry::open(argv[1], {.namespace_name = argv[2]});  // once, at the start
  auto view = registry.view();                                                    // for every request
  auto service = view.find(argv[3]);
  if (!service) {
    std::cerr << "quickstart: no service " << argv[3] << " in " << argv[2] << '\n';
    return 1;
  }
  std::cout << service->uri() << '\n';
} catch (const almanac::Error& error) {
  std::cerr << "quickstart: " << error.what() << '\n';
  return 2;
}
