// Whether a store keeps the conditions of writes, on which everything about going live rests: seen before the first such write.
//
//   auto store = keep_conditions(open_store(address), Unkept::kRefuse);
//
// A store may take "if absent" and "if it still has this etag" for nothing, as some that speak the protocol of S3 do, and would
// let publishers overwrite each other. Three small writes to the key "probe" tell; the object stays for the next time.
#pragma once

#include <almanac/error.h>
#include <almanac/store.h>

#include <functional>
#include <memory>

namespace almanac::publish {

inline constexpr std::string_view kProbeKey = "probe";

// What to do over a store that does not keep them.
enum class Unkept {
  kRefuse,   // throw Refused from the first conditional put()
  kEmulate,  // read before each write and compare: two publishers at the same moment can lose one another's work
};

// What the store answered to one of those writes, so that the write which it was for was not begun.
class NotTriedOut : public Error {
 public:
  explicit NotTriedOut(const Error& error) : Error(error) {}
};

// The same store, whose conditional put() and remove() may throw NotTriedOut. `on_emulation` is called once, when it comes to that.
// Threads: as those of `store`.
[[nodiscard]] std::shared_ptr<Store> keep_conditions(std::shared_ptr<Store> store, Unkept unkept, std::function<void()> on_emulation = {});

}  // namespace almanac::publish
