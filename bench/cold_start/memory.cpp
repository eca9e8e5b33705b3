// bench-memory STORE NAMESPACE CACHE: the resident memory of a process with a registry, as /proc/self tells it, in JSON:
//
//   before   its HTTP client has been used once, for a small object, so that what libcurl and the C++ library take is not the registry's
//   open     Registry::open() is done
//   walked   every field of every service has been looked at
//   peak     the most there was while a view went over to another generation, and a view of the old one was held
//   after    the old one is gone
//
// The first three come at once in one line; for the others it waits for a line on stdin, by when the other generation must be live.
#include <almanac/registry.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

// Bytes that `file` of /proc/self gives for `field`.
std::uint64_t bytes_of(const char* file, std::string_view field) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(field)) return std::stoull(line.substr(field.size())) * 1024;
  }
  throw std::runtime_error(std::string(file) + " has no line " + std::string(field));
}

std::uint64_t resident() { return bytes_of("/proc/self/smaps_rollup", "Rss:"); }

// proc(5), clear_refs: 5 sets the most that was resident back to what is.
void forget_peak() {
  std::ofstream out("/proc/self/clear_refs");
  if (!(out << "5" << std::flush)) throw std::runtime_error("/proc/self/clear_refs cannot be written");
}

std::size_t walk(const almanac::Namespace& services) {
  std::size_t bytes = 0;
  for (const almanac::Service& listed : services) {
    const auto service = services.find(listed.name());
    if (!service) throw std::runtime_error("a name that is there is not found");
    bytes += service->description().size() + service->value().value_or("").size();
    for (const std::string_view tag : service->tags()) bytes += tag.size();
    for (const auto& [key, value] : service->attributes()) bytes += key.size() + value.size();
    for (const almanac::Endpoint& endpoint : service->endpoints()) bytes += endpoint.uri().size() + endpoint.zone().size();
  }
  return bytes;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 4) {
    std::cerr << "usage: bench-memory STORE NAMESPACE CACHE\n";
    return 2;
  }
  (void)almanac::open_store(argv[1])->get("generations/1");
  nlohmann::ordered_json result{{"before", resident()}};
  auto registry =
      almanac::Registry::open(argv[1], {.namespace_name = argv[2], .cache_directory = argv[3], .max_age = std::chrono::milliseconds(0)});
  std::optional<almanac::View> view = registry.view();
  result["open"] = resident();
  result["text"] = walk(view->default_namespace());
  result["walked"] = resident();
  result["services"] = view->default_namespace().size();
  std::cout << result << std::endl;
  std::string line;
  if (!std::getline(std::cin, line)) return 0;
  forget_peak();
  std::optional<almanac::View> next = registry.view();
  const std::uint64_t peak = bytes_of("/proc/self/status", "VmHWM:");
  if (next->generation() == view->generation()) throw std::runtime_error("no other generation is live: " + registry.status().last_error);
  result = {{"peak", peak}};
  view.reset();
  result["after"] = resident();
  std::cout << result << std::endl;
  return 0;
} catch (const std::exception& error) {
  std::cerr << "bench-memory: " << error.what() << '\n';
  return 2;
}
