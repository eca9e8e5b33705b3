// The same from a snapshot: its bytes in memory, a namespace, a name.
#include <almanac/snapshot.h>

#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

int main(int argc, char** argv) try {
  if (argc != 4) return 2;
  std::ifstream file(argv[1], std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  const auto snapshot = almanac::Snapshot::from_bytes(std::as_bytes(std::span(bytes)), argv[1]);
  const almanac::Namespace services = snapshot.in(argv[2]);
  const auto found = services.find(argv[3]);
  if (!found) return 1;
  std::cout << found->uri() << '\n';
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
