// Where snapshots live: objects under a root, each read and written whole, by conditional requests.
//
//   auto store = almanac::open_store("/srv/acme");
//   almanac::Object current = store->get("current");
//   if (!store->put("current", bytes, almanac::PutCondition::if_match(current.etag))) retry();   // it changed meanwhile
//
// Keys are relative: "current", "snapshots/<id>.almanac", "generations/<number>". Threads: every
// call may run at once with any other. Implement Store to bring one of your own.
// Link almanac::store for open_store(); the interface alone needs almanac::reader only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <almanac/error.h>

namespace almanac {

struct Object {
  std::vector<std::byte> bytes;
  std::string etag;        // changes whenever the bytes do; opaque
  std::uint64_t size = 0;  // of the whole object, also when only a range of it was asked for
};

struct GetOptions {
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> size;  // at most so many bytes from offset; all when not given
  std::string if_none_match;          // etag: nothing comes back when the object still has it
  std::string if_match;               // etag: Error kConflict when the object no longer has it
};

struct PutCondition {
  enum class Kind { kNone, kIfAbsent, kIfMatch };
  Kind kind = Kind::kNone;
  std::string etag;
  [[nodiscard]] static PutCondition if_absent() { return {Kind::kIfAbsent, {}}; }
  [[nodiscard]] static PutCondition if_match(std::string etag) { return {Kind::kIfMatch, std::move(etag)}; }
};

class ALMANAC_EXPORT Store {
 public:
  virtual ~Store();

  // As the user named it, for messages.
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  // The object, or nothing when options.if_none_match still holds.
  // Throws Error: kNotFound, kConflict, kInputOutput.
  [[nodiscard]] virtual std::optional<Object> get(std::string_view key, const GetOptions& options) = 0;
  // True: written whole. False: the condition did not hold and nothing changed. Throws Error: kInputOutput.
  [[nodiscard]] virtual bool put(std::string_view key, std::span<const std::byte> bytes, const PutCondition& condition) = 0;
  // The keys that begin with `prefix`, in byte order.
  [[nodiscard]] virtual std::vector<std::string> list(std::string_view prefix) = 0;
  // Absent already is no error.
  virtual void remove(std::string_view key) = 0;

  // The whole object. Throws Error: kNotFound, kInputOutput.
  [[nodiscard]] Object get(std::string_view key);
};

// A directory path, or "file:///…". Throws Error: kInvalidArgument for an address of an unknown kind.
[[nodiscard]] ALMANAC_EXPORT std::unique_ptr<Store> open_store(std::string_view address);

}  // namespace almanac
