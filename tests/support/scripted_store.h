// A store in memory that a test publishes into, and makes fail.
//
//   auto store = std::make_shared<ScriptedStore>();
//   store->publish(1, {{"prod", {service("users").uri("http://1")}}});
//   auto registry = Registry::open(store, options);
//   store->fail_with(ErrorCode::kTimedOut);
//
// Threads: every call may run at once with any other.
#pragma once

#include <almanac/store.h>

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "announcement.h"
#include "support/registry_builder.h"

namespace almanac::support {

// That snapshot as that generation, published long ago, a second later than the generation before.
[[nodiscard]] internal::Announcement announcement_of(std::uint64_t generation, std::span<const std::byte> snapshot);

// The bytes of `current`: the announcement of that snapshot, and so many bytes of it behind.
[[nodiscard]] std::vector<std::byte> announced(std::uint64_t generation, std::span<const std::byte> snapshot,
                                               std::size_t carried = SIZE_MAX);

// A snapshot with a namespace "prod" that has a service "users" with this uri, and a namespace "other" that has a
// service "others"; each has a frame of its own.
[[nodiscard]] std::vector<std::byte> snapshot_of_two_frames(const std::string& uri);

class ScriptedStore : public Store {
 public:
  // In place of the store's own answer, which it may ask for with answer().
  using Script = std::function<std::optional<Object>(std::string_view key, const GetOptions& options)>;
  struct Get {
    std::string key;
    GetOptions options;
  };

  explicit ScriptedStore(std::string name = "scripted://store") : name_(std::move(name)) {}

  // Small: it travels inside `current`.
  void publish(std::uint64_t generation, const std::vector<NamespaceBuilder>& namespaces);
  // Large: `current` carries the manifest alone. Returns the snapshot's key.
  std::string publish_head(std::uint64_t generation, std::span<const std::byte> snapshot);
  // Whatever it announces: `current` carries that much of the snapshot, which is an object of its own, too. Returns its key.
  std::string publish_as(const internal::Announcement& announcement, std::span<const std::byte> snapshot, std::size_t carried = SIZE_MAX);
  void erase(std::string_view key);

  void script(Script script);
  // Each get() throws an Error that says "scripted failure".
  void fail_with(ErrorCode code);
  void heal() { script(nullptr); }
  [[nodiscard]] std::optional<Object> answer(std::string_view key, const GetOptions& options);
  // The get() calls so far.
  [[nodiscard]] std::vector<Get> gets() const;

  [[nodiscard]] std::string_view name() const noexcept override { return name_; }
  [[nodiscard]] std::optional<Object> get(std::string_view key, const GetOptions& options) override;
  // The whole object.
  [[nodiscard]] Object get(std::string_view key) { return Store::get(key); }
  // Readers ask for nothing of these.
  [[nodiscard]] bool put(std::string_view, std::span<const std::byte>, const PutCondition&) override { refuse(); }
  [[nodiscard]] std::vector<ObjectInfo> list(std::string_view) override { refuse(); }
  [[nodiscard]] bool remove(std::string_view, const PutCondition&) override { refuse(); }
  [[nodiscard]] StoreTraffic traffic() const noexcept override;

 private:
  struct Version {
    std::vector<std::byte> bytes;
    std::string etag;
  };

  [[noreturn]] void refuse() const { throw Error(ErrorCode::kUnsupported, name_, "is only read"); }
  void replace(std::string_view key, std::span<const std::byte> bytes);

  std::string name_;
  mutable std::mutex mutex_;  // guards what follows
  std::map<std::string, Version, std::less<>> objects_;
  Script script_;
  std::vector<Get> gets_;
  StoreTraffic traffic_;
  std::uint64_t versions_ = 0;
};

}  // namespace almanac::support
