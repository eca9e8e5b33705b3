// Writing registrations, and taking them away.
//
//   const Outcome outcome = put(store, registration);                     // one service
//   const Declared declared = declare(store, registrant, all, progress);  // all that the registrant has
//
// Each object has one writer as a rule, the registrant. Where there are two at once each of them writes on the condition that it
// replaces what it has read, so that a renewal is never taken for what was there before it.
// Throws Error as Store does. Threads: as the store's.
#pragma once

#include <almanac/store.h>

#include <optional>
#include <string>
#include <vector>

#include "progress/progress.h"
#include "registrations/registration.h"

namespace almanac::registrations {

enum class Change {
  kNew,      // of this registrant there was nothing
  kChanged,  // there was something else
  kRenewed,  // it said the same
  kRevived,  // it said the same, and had lapsed by this machine's clock
};

struct Outcome {
  Change change = Change::kNew;
  std::string damage;  // why what was replaced could not be read; empty: it could
  std::optional<Registration> replaced;
};

// What has lapsed counts as renewed here: only who declares all that he has learns when it was written. Throws kConflict when somebody else
// wrote the same object in between, again and again.
[[nodiscard]] Outcome put(Store& store, const Registration& registration);

// False: there was none.
[[nodiscard]] bool remove(Store& store, const std::string& key);

// The keys of all that a registrant has, in byte order.
[[nodiscard]] std::vector<std::string> keys_of(Store& store, std::string_view registrant);

struct Declared {
  std::vector<Outcome> outcomes;     // of what is declared, in its order
  std::vector<std::string> removed;  // keys
  std::vector<std::string> left;     // keys of what somebody registered anew meanwhile, in this registrant's name
};

// Puts `all`, each of which is this registrant's and another service, then removes what the registrant had before and is not
// among them.
[[nodiscard]] Declared declare(Store& store, std::string_view registrant, const std::vector<Registration>& all,
                               progress::Progress& progress);

// Removes those keys; each that was there already gone is no error.
void remove_all(Store& store, const std::vector<std::string>& keys, progress::Progress& progress);

}  // namespace almanac::registrations
