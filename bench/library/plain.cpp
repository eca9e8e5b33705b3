// What a program has anyway that looks things up in a file of names and uris: streams, strings, a map, exceptions.
#include <exception>
#include <fstream>
#include <iostream>
#include <string>
#include <unordered_map>

int main(int argc, char** argv) try {
  if (argc != 3) return 2;
  std::ifstream file(argv[1], std::ios::binary);
  std::unordered_map<std::string, std::string> uris;
  for (std::string name, uri; file >> name >> uri;) uris.emplace(name, uri);
  const auto found = uris.find(argv[2]);
  if (found == uris.end()) return 1;
  std::cout << found->second << '\n';
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 2;
}
