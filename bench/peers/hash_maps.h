// Hash maps that a program fills at its start.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/strings/string_view.h>

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "peers/peer.h"
#include "peers/record.h"

namespace peers {

// Debian's absl has a string_view of its own.
inline absl::string_view absl_view(std::string_view text) { return {text.data(), text.size()}; }

// Name to first uri and nothing more: less than almanac answers, and the fastest that the map can be.
class FlatHashMap {
 public:
  explicit FlatHashMap(std::span<const almanac::Service> services) {
    map_.reserve(services.size());
    for (const almanac::Service& service : services) map_.emplace(service.name(), service.uri());
  }
  std::string_view find(std::string_view name) const {
    const auto found = map_.find(absl_view(name));
    return found == map_.end() ? std::string_view() : found->second;
  }

 private:
  absl::flat_hash_map<std::string, std::string> map_;
};

// Name to everything that almanac answers about a service.
class FlatHashMapOfRecords {
 public:
  explicit FlatHashMapOfRecords(std::span<const almanac::Service> services) {
    map_.reserve(services.size());
    for (const almanac::Service& service : services) map_.emplace(service.name(), Record(service));
  }
  std::string_view find(std::string_view name) const {
    const auto found = map_.find(absl_view(name));
    return found == map_.end() ? std::string_view() : found->second.uri();
  }

 private:
  absl::flat_hash_map<std::string, Record> map_;
};

// Name to first uri.
class UnorderedMap {
 public:
  explicit UnorderedMap(std::span<const almanac::Service> services) {
    map_.reserve(services.size());
    for (const almanac::Service& service : services) map_.emplace(service.name(), service.uri());
  }
  std::string_view find(std::string_view name) const {
    const auto found = map_.find(name);
    return found == map_.end() ? std::string_view() : found->second;
  }

 private:
  // Looked up by std::string_view, without a std::string being made for it. Not noexcept: libstdc++ takes a hash of one's own that cannot
  // throw for a fast one, keeps no hash beside the names then, and hashes every name again that it passes in a bucket.
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::unordered_map<std::string, std::string, Hash, std::equal_to<>> map_;
};

static_assert(Peer<FlatHashMap> && Peer<FlatHashMapOfRecords> && Peer<UnorderedMap>);

}  // namespace peers
