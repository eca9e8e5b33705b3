// Which namespaces of a snapshot a registry serves to its caller, and when the clock changes that.
//
// Everything here borrows from the snapshot.
#pragma once

#include <almanac/caller.h>
#include <almanac/snapshot.h>

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "manifest.h"

namespace almanac::internal {

// For a rule whose rollouts go by a key: each key's namespace.
class KeyNamespaces {
 public:
  // Opens those that keys have begun to move to. Throws Error as Snapshot::in() does.
  KeyNamespaces(const Snapshot& snapshot, const CallerRule& rule, Namespace base, Moment at);

  // Where that is not open, and for the empty key, the rule's own. No allocation, lock or system call.
  [[nodiscard]] Namespace find(std::string_view key, Moment at) const noexcept;
  // When keys begin to move to one more.
  [[nodiscard]] std::optional<Moment> next() const noexcept { return next_; }

 private:
  const CallerRule* rule_;
  Namespace base_;
  std::vector<std::optional<Namespace>> to_;  // of each rollout; nothing: no key has moved yet
  std::optional<Moment> next_;
};

struct ServedNamespaces {
  Namespace default_namespace;
  const CallerRule* rule = nullptr;   // that gave it; nullptr: it was named, or is the only one
  Move move;                          // what its rollouts do to the caller
  std::optional<KeyNamespaces> keys;  // where they go by a key
  // When open_namespaces() will give something else; the end of the clock: never.
  std::chrono::system_clock::time_point next = std::chrono::system_clock::time_point::max();
};

struct NamespaceWish {
  std::string_view named;  // by the caller; empty: by nobody
  std::string_view usual;  // the namespace served so far because it was the only one; empty: there is no such
  const Caller& caller;
};

// What gives a caller its namespace, in the order in which that is tried.
enum class GivenBy {
  kName,
  kRule,     // where there are rules nothing comes after them
  kUsual,    // see NamespaceWish
  kOnlyOne,  // that there is
  kNothing
};
struct NamespaceGiver {
  GivenBy by = GivenBy::kNothing;
  const CallerRule* rule = nullptr;  // of kRule
};
[[nodiscard]] NamespaceGiver giver_for(const Manifest& manifest, const NamespaceWish& wish) noexcept;

// The namespaces are open when this returns. Throws Error: kNotFound when the one that is named is not there, or no rule matches,
// which says why each does not; kInvalidArgument when there is nothing to choose by; and as Snapshot::in() does.
[[nodiscard]] ServedNamespaces open_namespaces(const Snapshot& snapshot, const NamespaceWish& wish, Moment at);

}  // namespace almanac::internal
