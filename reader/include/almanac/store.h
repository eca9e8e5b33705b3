// Where snapshots live: objects under a root, each read and written whole, by conditional requests.
//
//   auto store = almanac::open_store("s3://acme-registry/live");
//   almanac::Object current = store->get("current");
//   if (!store->put("current", bytes, almanac::PutCondition::if_match(current.etag))) retry();   // it changed meanwhile
//
// Keys are relative: "current", "snapshots/<id>.almanac", "generations/<number>". Threads: every
// call may run at once with any other. Implement Store to bring one of your own.
// Link almanac::store for open_store(); the interface alone needs almanac::reader only.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <almanac/error.h>

namespace almanac {

// The moment at which waiting ends. Of the steady clock, so that several requests can share one.
using Deadline = std::chrono::steady_clock::time_point;

struct Object {
  std::vector<std::byte> bytes;
  std::string etag;        // changes whenever the bytes do; opaque; empty where the store has none
  std::uint64_t size = 0;  // of the whole object, also when only a range of it was asked for
  // Of GetOptions::into, from its beginning on, where the store has put the bytes there; `bytes` is empty then.
  std::size_t bytes_put = 0;
};

struct GetOptions {
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> size;    // at most so many bytes from offset; all when not given
  std::string if_none_match;            // etag: nothing comes back when the object still has it
  std::string if_match;                 // etag: Error kConflict when the object no longer has it
  std::uint64_t max_size = UINT64_MAX;  // more bytes than this are not taken in: Error kLimitExceeded
  // Memory of the caller's for `max_size` bytes, which spares a large object a second copy. A store may pass over it. What is in it
  // after an Error means nothing.
  std::span<std::byte> into;
  Deadline deadline = Deadline::max();  // Error kTimedOut beyond it; without one, the store's own timeouts hold
  // By when a store behind a network must have begun to answer, its retries included: Error kTimedOut otherwise. What it
  // sends then has until `deadline`.
  Deadline answer_by = Deadline::max();
};

struct PutCondition {
  enum class Kind { kNone, kIfAbsent, kIfMatch };
  Kind kind = Kind::kNone;
  std::string etag;
  [[nodiscard]] static PutCondition if_absent() { return {Kind::kIfAbsent, {}}; }
  [[nodiscard]] static PutCondition if_match(std::string etag) { return {Kind::kIfMatch, std::move(etag)}; }
};

struct ObjectInfo {
  std::string key;
  std::uint64_t size = 0;                          // bytes
  std::chrono::system_clock::time_point modified;  // by the store's clock
};

// What a store has asked for and received since it was opened. Zeros: it does not count.
struct StoreTraffic {
  std::uint64_t requests = 0;  // each attempt is one
  std::uint64_t bytes = 0;     // of objects received
};

class ALMANAC_EXPORT Store {
 public:
  virtual ~Store();

  // As the user named it, for messages.
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  // What tells it from every other store, wherever it is opened: an address with its endpoint, an absolute path. Two
  // stores of one identity hold the same objects. Its name, unless that says less.
  [[nodiscard]] virtual std::string identity() const { return std::string(name()); }
  // The object, or nothing when options.if_none_match still holds. Throws Error: kNotFound, kConflict,
  // kLimitExceeded, kTimedOut, kPermissionDenied, kInputOutput.
  [[nodiscard]] virtual std::optional<Object> get(std::string_view key, const GetOptions& options) = 0;
  // True: written whole. False: the condition did not hold and nothing changed. Throws Error: kTimedOut,
  // kPermissionDenied, kInputOutput, kUnsupported when it is read-only or knows no such condition.
  [[nodiscard]] virtual bool put(std::string_view key, std::span<const std::byte> bytes, const PutCondition& condition) = 0;
  // The objects whose keys begin with `prefix`, in byte order of the keys. Throws Error as put().
  [[nodiscard]] virtual std::vector<ObjectInfo> list(std::string_view prefix) = 0;
  // True: the object is gone, also when it was absent already. False: it has another etag than the condition's, and nothing
  // changed. Throws Error as put(); kInvalidArgument for if_absent(). A server behind a store may pass over the condition.
  [[nodiscard]] virtual bool remove(std::string_view key, const PutCondition& condition) = 0;
  [[nodiscard]] virtual StoreTraffic traffic() const noexcept { return {}; }

  // The whole object. Throws Error as the other one.
  [[nodiscard]] Object get(std::string_view key);
  // Whatever is there. Absent already is no error. Throws Error as the other one.
  void remove(std::string_view key);
};

// For stores behind a network. Every wait is finite: times beyond 24 days count as that.
struct StoreOptions {
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(2);
  std::chrono::milliseconds first_byte_timeout = std::chrono::seconds(10);  // from the request sent to its answer, and from byte to byte
  // Of one call, its retries included. A directory waits so long for its lock.
  std::chrono::milliseconds total_timeout = std::chrono::minutes(5);
  int max_attempts = 3;  // of what is safe to repeat; the waits between are random and grow (full jitter)
  // Also ask the instance metadata service for credentials, as the last resort. Off: it is never probed.
  bool instance_credentials = false;
  // Called now and then while an object moves, on the thread that moves it: bytes done, and in all (0: unknown).
  std::function<void(std::uint64_t done, std::uint64_t total)> on_progress;
};

// A directory path or "file:///…"; "s3://bucket/prefix"; "https://…" or "http://…", read-only.
// Credentials, region, endpoint and roots of trust of s3 and https come from the environment, as README.md lists.
// Nothing is asked over the network yet. Throws Error: kInvalidArgument for an address or a setting that cannot be.
[[nodiscard]] ALMANAC_EXPORT std::unique_ptr<Store> open_store(std::string_view address, const StoreOptions& options = {});

}  // namespace almanac
