// A store at the command line, for tests in other languages:
//
//   store_client get STORE KEY               the bytes on stdout, the etag on stderr
//   store_client put STORE KEY               from stdin
//   store_client put-if-absent STORE KEY     status 1: it was there
//   store_client put-if-match STORE KEY ETAG status 1: it has another etag
//   store_client list STORE PREFIX           a line for each: size, the key in hexadecimal
//   store_client remove STORE KEY
#include <almanac/store.h>

#include <exception>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace {

int put(almanac::Store& store, const std::string& key, const almanac::PutCondition& condition) {
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  return store.put(key, std::as_bytes(std::span(text)), condition) ? 0 : 1;
}

void get(almanac::Store& store, const std::string& key) {
  const almanac::Object object = store.get(key);
  std::cout.write(reinterpret_cast<const char*>(object.bytes.data()), static_cast<std::streamsize>(object.bytes.size()));
  std::cerr << object.etag;
}

void list(almanac::Store& store, const std::string& prefix) {
  for (const almanac::ObjectInfo& object : store.list(prefix)) {
    std::cout << std::dec << object.size << ' ' << std::hex << std::setfill('0');
    for (const char c : object.key) std::cout << std::setw(2) << static_cast<int>(static_cast<unsigned char>(c));
    std::cout << '\n';
  }
}

int run(const std::vector<std::string>& words) {
  const std::string& command = words.at(0);
  const std::unique_ptr<almanac::Store> store = almanac::open_store(words.at(1));
  const std::string& key = words.at(2);
  if (command == "put") return put(*store, key, {});
  if (command == "put-if-absent") return put(*store, key, almanac::PutCondition::if_absent());
  if (command == "put-if-match") return put(*store, key, almanac::PutCondition::if_match(words.at(3)));
  if (command == "get") return get(*store, key), 0;
  if (command == "list") return list(*store, key), 0;
  if (command == "remove") return store->remove(key), 0;
  std::cerr << "store_client: there is no command " << command << '\n';
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "store_client: " << error.what() << '\n';
    return 2;
  }
}
