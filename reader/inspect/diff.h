// What became different from one snapshot to another.
//
//   const DiffReport report = diff(live, compiled);
//   if (!report.same()) print_text(report, TextOptions{}, output);
//
// The walk is one pass over the sorted names of both; what is the same is only counted.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "caller_rules.h"
#include "selection.h"

namespace almanac::inspect {

enum class Change { kAdded, kRemoved, kChanged };

struct FieldValue {
  enum class Kind { kNothing, kText, kNumber } kind = Kind::kNothing;
  std::string_view text;
  std::uint64_t number = 0;

  [[nodiscard]] static FieldValue of(std::string_view text) noexcept { return {Kind::kText, text, 0}; }
  [[nodiscard]] static FieldValue of(std::uint64_t number) noexcept { return {Kind::kNumber, {}, number}; }
  // Where empty text means that the field is not there.
  [[nodiscard]] static FieldValue of_non_empty(std::string_view text) noexcept { return text.empty() ? FieldValue() : of(text); }
  bool operator==(const FieldValue& other) const noexcept = default;
};

struct FieldChange {
  Change change = Change::kChanged;
  std::string_view field;  // as in a registry document: "description", "tags", "attributes", …
  std::string_view key;    // the tag, or the attribute's key; else empty
  FieldValue before;
  FieldValue after;
};

// Endpoints are matched by their uris; of several with the same one, the first with the first, and so on.
struct EndpointChange {
  Change change = Change::kChanged;
  Endpoint endpoint;                // the new one, unless it was removed
  std::vector<FieldChange> fields;  // when it changed
};

struct ServiceChange {
  Change change = Change::kChanged;
  Service service;                  // the new one, unless it was removed
  std::vector<FieldChange> fields;  // these when it changed
  std::vector<EndpointChange> endpoints;
  bool endpoints_reordered = false;  // those that are in both stand in another order
};

struct NamespaceChange {
  Change change = Change::kChanged;
  std::string_view name;
  std::vector<ServiceChange> services;
};

// Rules are matched by what they say, and then by their order.
struct CallerRuleChange {
  Change change = Change::kChanged;
  const internal::CallerRule* before = nullptr;  // nullptr: it was added
  const internal::CallerRule* after = nullptr;   // nullptr: it was removed
  std::size_t place = 0;                         // from 1, among the new ones, or among the old when it was removed
};

// Owns handles of both snapshots, so everything it shows stays valid.
struct DiffReport {
  Snapshot before;
  Snapshot after;
  std::vector<CallerRuleChange> caller_rules;
  std::vector<NamespaceChange> namespaces;  // those that differ, in byte order
  std::uint64_t added = 0;                  // services
  std::uint64_t removed = 0;
  std::uint64_t changed = 0;
  std::uint64_t unchanged = 0;

  // Whether both have the same rules about callers, and the same namespaces with the same services. The registry's name and revision are
  // shown and do not count: a rebuild from another commit that changes no service is the same.
  [[nodiscard]] bool same() const noexcept { return caller_rules.empty() && namespaces.empty(); }
};

// Of the selected part. A service belongs to it when its old or its new form does, so that one which
// only lost or gained a tag is a change. With a prefix or tags, a namespace without such services is
// not compared; and rules about callers are only where everything is. Throws Error as Snapshot::in() does; kNotFound when neither has the selected namespace.
[[nodiscard]] DiffReport diff(const Snapshot& before, const Snapshot& after, const Selection& selection = {});

}  // namespace almanac::inspect
