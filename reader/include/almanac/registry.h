// A registry that changes: follows what is live in a store, and goes on with what it has when that fails.
//
//   #include <almanac/registry.h>
//
//   auto registry = almanac::Registry::open("/srv/acme", {.namespace_name = "prod"});   // once per cold start
//   …
//   almanac::View view = registry.view();                 // per invocation: refreshes if stale
//   if (auto users = view.find("user-management-service"))
//     call(users->uri());
//
// A View holds one generation: everything taken from it stays valid and unchanged until the View
// (and its copies) are gone, whatever is published meanwhile. There are no threads or timers:
// staleness is judged at view(), by the wall clock: one caller looks at the store, the others go on. An error never replaces a good snapshot.
// Threads: every call may run at once with any other.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <almanac/snapshot.h>
#include <almanac/store.h>

namespace almanac {

struct RegistryOptions {
  // The namespace of View::find(). Empty: $ALMANAC_NAMESPACE, else the only one there is.
  std::string namespace_name;
  // Empty: $ALMANAC_CACHE_DIR, else "almanac-<uid>" in the folder for temporary files.
  std::filesystem::path cache_directory;
  // A view() that finds the last check older than this looks at the store again.
  std::chrono::milliseconds max_age = std::chrono::seconds(60);
};

struct RegistryStatus {
  std::uint64_t generation = 0;
  std::string id;                                   // of the snapshot
  std::string revision;                             // of its source; may be empty
  std::chrono::system_clock::time_point published;  // by the publisher's clock
  std::chrono::system_clock::time_point checked;    // when the store last confirmed it
  std::uint64_t failures = 0;                       // refreshes that failed since then, in a row
  std::string last_error;                           // of those; empty when there is none
};

// One generation, held. Cheap to copy.
class ALMANAC_EXPORT View {
 public:
  // In the default namespace.
  [[nodiscard]] std::optional<Service> find(std::string_view name) const noexcept { return default_namespace_.find(name); }
  // Another namespace. Throws Error as Snapshot::in() does.
  [[nodiscard]] Namespace in(std::string_view namespace_name) const { return snapshot_->in(namespace_name); }
  [[nodiscard]] Namespace default_namespace() const noexcept { return default_namespace_; }
  [[nodiscard]] const Snapshot& snapshot() const noexcept { return *snapshot_; }
  [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }

 private:
  friend class Registry;
  View() = default;
  std::shared_ptr<const Snapshot> snapshot_;
  Namespace default_namespace_;
  std::uint64_t generation_ = 0;
};

class ALMANAC_EXPORT Registry {
 public:
  // `address` as open_store() takes it. Throws Error when nothing is live there or it cannot be read, and
  // kInvalidArgument when it has several namespaces and none was named.
  // Link almanac::store for this one.
  [[nodiscard]] static Registry open(std::string_view address, RegistryOptions options = {});
  // The same over a store of your own.
  [[nodiscard]] static Registry open(std::shared_ptr<Store> store, RegistryOptions options = {});

  Registry(Registry&&) noexcept;
  Registry& operator=(Registry&&) noexcept;
  ~Registry();

  // Never throws for a store that fails: the last good generation goes on being served, and status() tells.
  [[nodiscard]] View view();
  [[nodiscard]] RegistryStatus status() const;

 private:
  class Live;
  explicit Registry(std::unique_ptr<Live> live) noexcept;
  std::unique_ptr<Live> live_;
};

}  // namespace almanac
