// A registry that changes: follows what is live in a store, and goes on with what it has when that fails.
//
//   #include <almanac/registry.h>
//
//   auto registry = almanac::Registry::open("s3://acme-registry/live", {.namespace_name = "prod"});   // once per cold start
//   …
//   almanac::View view = registry.view();                 // per invocation: refreshes if stale
//   if (auto users = view.find("user-management-service"))
//     call(users->uri());
//
// A View holds one generation: everything taken from it stays valid and unchanged until the View
// (and its copies) are gone, whatever is published meanwhile. No thread or timer looks at the store
// unless asked for: staleness is judged at view(), by the wall clock, so that a thaw after hours is noticed;
// one caller looks, the others go on with what there is. An error never replaces a good snapshot.
// Who names no namespace gets the one that the registry's rules for callers give. While a rollout goes on, each instance goes over
// to another namespace, or to a new generation, at its own moment, which is a moment to look, and never back while that goes on.
// A clock that is put back takes nobody back: each handle judges by the latest time that it has seen. For the snapshot that it serves
// that holds whatever happens; for one that replaces it, unless that time is more than an hour ahead of the clock: then the clock had
// been wrong, and it begins anew.
// A cold start is one request, two when the snapshot is large, and one more while a new generation has not come to the instance.
// Threads: every call may run at once with any other.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <almanac/caller.h>
#include <almanac/snapshot.h>
#include <almanac/store.h>

namespace almanac {

namespace internal {
class KeyNamespaces;
class RegistryAccess;
}  // namespace internal

// Where what is served came from.
enum class Origin { kStore, kCache, kBundled };
[[nodiscard]] ALMANAC_EXPORT std::string_view to_string(Origin origin) noexcept;  // "store", "cache", "bundled"

// How one look at the store ended.
struct RefreshEvent {
  enum class Outcome { kUnchanged, kChanged, kFailed } outcome = Outcome::kUnchanged;
  std::uint64_t generation = 0;  // which is served now
  std::string error;             // of kFailed, and of a kChanged that the clock brought about though the store failed
  std::chrono::nanoseconds duration{};
  StoreTraffic traffic;  // of this look alone
};

// What is left empty comes from the environment, and else is as said here. Durations in the
// environment are numbers with ms, s, m or h behind them; without one, of seconds.
struct RegistryOptions {
  // The namespace of View::find(). $ALMANAC_NAMESPACE, else what the registry's rules give the caller, else the only one there is.
  std::string namespace_name{};
  // Who asks: rules go by it. Caller::from_environment(). One that has no "instance" gets a random one: that of the process, so that
  // all its registries move as one. A process that was forked has one of its own.
  std::optional<Caller> caller{};
  // For inflated namespaces and the last good copy. $ALMANAC_CACHE_DIR, else "almanac-<uid>" in the folder for temporary files.
  // A thread writes them behind the first answer, and ends: whoever lets go of the last view of a snapshot waits for it, a function
  // that is frozen meanwhile goes on when it thaws, and _exit() leaves a temporary file, which is removed an hour later. When
  // another generation is kept, what it does not need and nobody opened for a day is removed.
  std::filesystem::path cache_directory{};
  // To serve when neither the store nor the cache has anything: a snapshot file, or a copy of a store's `current`, which has a
  // generation. $ALMANAC_BUNDLED, else none.
  std::filesystem::path bundled{};
  // A view() that finds the last look older than this looks at the store again; while looks fail this doubles, up to 5 minutes,
  // and half of it is random. $ALMANAC_MAX_AGE, else 60 s.
  std::optional<std::chrono::milliseconds> max_age{};
  // An older generation is refused, wherever it comes from. $ALMANAC_MIN_GENERATION, else 0.
  std::optional<std::uint64_t> min_generation{};
  // open() waits for the store no longer than this, nor does a refresh until all that it brings is here.
  std::chrono::milliseconds open_deadline = std::chrono::seconds(2);
  // A look at the store waits no longer than this until the answer begins; what has changed may take until open_deadline, as
  // may the answer itself in the background, where nobody waits.
  std::chrono::milliseconds refresh_deadline = std::chrono::milliseconds(250);
  // For servers that live long: a thread looks every max_age, but ten times a second at most, and view() never waits. The
  // Registry's end waits for a look that is under way.
  bool background = false;
  // Told of each look at the store after open(), on the thread that looked, holding no lock; what it throws is dropped.
  std::function<void(const RefreshEvent&)> on_refresh{};
};

struct RegistryStatus {
  std::uint64_t generation = 0;  // 0: a bundled file, which has none
  std::string id;                // of the snapshot
  std::string revision;          // of its source; may be empty
  Origin origin = Origin::kStore;
  std::string namespace_name;  // of View::find()
  std::size_t rule = 0;        // for callers that gave it, from 1; 0: it was named, or is the only one
  // Of that rule, as this instance sees it; nothing: it has none. And where that leads it; empty: nowhere, or it goes by a key.
  std::optional<RolloutStatus> namespace_rollout;
  std::string going_to;
  // Of what the store announced last, in the same way; nothing: that is for everyone at once. `moved` says what is served.
  std::optional<RolloutStatus> generation_rollout;
  std::uint64_t next_generation = 0;                // which has not come to this instance yet; 0: there is no such
  std::string instance;                             // which tells this one apart in rollouts
  std::chrono::system_clock::time_point published;  // by the publisher's clock; the epoch when not known
  std::chrono::system_clock::time_point checked;    // when the store last confirmed it; the epoch when it never did
  std::chrono::milliseconds age{};                  // now less checked, or else less published; 0 when neither is known
  std::uint64_t failures = 0;                       // looks that failed since then, in a row
  std::string last_error;                           // of those; empty when there is none
  StoreTraffic traffic;                             // since the store was opened
  std::vector<std::string> warnings;                // found at open(): a cache directory or a bundled file that cannot be used
};

// One generation, held. Cheap to copy.
class ALMANAC_EXPORT View {
 public:
  // In the default namespace. Borrows: keep the View as long as what was found.
  [[nodiscard]] std::optional<Service> find(std::string_view name) const& noexcept { return default_namespace_.find(name); }
  std::optional<Service> find(std::string_view name) const&& = delete;
  // The namespace of this key, where the registry's rule lets keys go over one after another (a customer's, say): the same key
  // never goes back. Else, and for an empty key, the default namespace. No allocation, lock or system call.
  [[nodiscard]] Namespace for_key(std::string_view key) const& noexcept;
  Namespace for_key(std::string_view key) const&& = delete;
  // Another namespace. Throws Error as Snapshot::in() does, and as the store when that has to be asked for it.
  [[nodiscard]] Namespace in(std::string_view namespace_name) const& { return snapshot_->in(namespace_name); }
  Namespace in(std::string_view namespace_name) const&& = delete;
  [[nodiscard]] Namespace default_namespace() const& noexcept { return default_namespace_; }
  Namespace default_namespace() const&& = delete;
  [[nodiscard]] const Snapshot& snapshot() const& noexcept { return *snapshot_; }
  const Snapshot& snapshot() const&& = delete;
  [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }

 private:
  friend class Registry;
  View() = default;
  std::shared_ptr<const Snapshot> snapshot_;
  Namespace default_namespace_;
  std::uint64_t generation_ = 0;
  const internal::KeyNamespaces* keys_ = nullptr;  // lives with the snapshot
  std::chrono::system_clock::time_point taken_;    // by which keys are judged
};

class ALMANAC_EXPORT Registry {
 public:
  // `address` as open_store() takes it; empty: $ALMANAC_URL. Serves the first whose digests hold of what is live in the store,
  // the last good copy in the cache directory, and the bundled file. Throws Error when none is, with the store's code and the
  // reason of each, and kInvalidArgument for an address or a value in the environment that cannot be, before anything is
  // asked. Link almanac::store for this one.
  [[nodiscard]] static Registry open(std::string_view address = {}, RegistryOptions options = {});
  // The same over a store of your own. Whatever it throws is taken for an error of the store.
  [[nodiscard]] static Registry open(std::shared_ptr<Store> store, RegistryOptions options = {});

  Registry(Registry&&) noexcept;
  Registry& operator=(Registry&&) noexcept;
  ~Registry();

  // Never throws for a store that fails: the last good generation goes on being served, and status() tells.
  [[nodiscard]] View view();
  [[nodiscard]] RegistryStatus status() const;
  // Who asks, with its instance.
  [[nodiscard]] const Caller& caller() const noexcept;

 private:
  friend class internal::RegistryAccess;
  class Live;
  explicit Registry(std::unique_ptr<Live> live) noexcept;
  std::unique_ptr<Live> live_;
};

}  // namespace almanac
