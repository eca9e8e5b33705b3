#include "served_namespaces.h"

#include <almanac/error.h>

#include <algorithm>

#include "choice.h"
#include "snapshot_data.h"

namespace almanac::internal {

namespace {

[[noreturn]] void refuse(const SnapshotData& data, const Caller& caller) {
  const Manifest& manifest = data.manifest();
  if (!manifest.caller_rules.empty()) {
    throw Error(ErrorCode::kNotFound, data.source().name(),
                no_rule_matches(manifest, caller) +
                    "; give properties by ALMANAC_CALLER or RegistryOptions::caller, or a namespace by "
                    "ALMANAC_NAMESPACE; inspect-snapshot explain tells more");
  }
  throw Error(ErrorCode::kInvalidArgument, data.source().name(),
              "has no caller rules; neither RegistryOptions::namespace_name nor ALMANAC_NAMESPACE names a namespace; it has " +
                  namespace_names(manifest));
}

// `name` is what the one who opened the registry gave.
std::string_view expect(const SnapshotData& data, std::string_view name) {
  if (data.manifest().namespaces.find(name)) return name;
  throw Error(ErrorCode::kNotFound, data.source().name(),
              missing_namespace(data.manifest(), name) + "; RegistryOptions::namespace_name or ALMANAC_NAMESPACE names \"" +
                  std::string(name) + "\"");
}

ServedNamespaces by_rule(const Snapshot& snapshot, const CallerRule& rule, const Caller& caller, Moment at) {
  const Manifest& manifest = data_of(snapshot).manifest();
  ServedNamespaces namespaces;
  namespaces.rule = &rule;
  namespaces.move = move_of(rule, caller, {});
  const Choice choice = choice_of(manifest, rule, namespaces.move, at);
  namespaces.default_namespace = snapshot.in(choice.namespace_name);
  if (!rule.rollouts.empty() && rule.by == RolloutBy::kKey) {
    namespaces.next = time_of(namespaces.keys.emplace(snapshot, rule, namespaces.default_namespace, at).next());
  } else if (choice.rollout && !choice.rollout->moved) {
    namespaces.next = choice.rollout->moves;
  }
  return namespaces;
}

}  // namespace

KeyNamespaces::KeyNamespaces(const Snapshot& snapshot, const CallerRule& rule, Namespace base, Moment at) : rule_(&rule), base_(base) {
  const ManifestNamespaces& namespaces = data_of(snapshot).manifest().namespaces;
  for (const CallerRollout& rollout : rule.rollouts) {
    std::optional<Namespace>& to = to_.emplace_back();
    const std::optional<Moment> begin = rollout.schedule.moment_of(0);
    if (!begin) continue;
    if (*begin <= at) {
      to = snapshot.in(namespaces[rollout.to].name);
    } else {
      next_ = std::min(next_.value_or(*begin), *begin);
    }
  }
}

Namespace KeyNamespaces::find(std::string_view key, Moment at) const noexcept {
  const Move move = move_of(*rule_, key);
  if (!move.has_happened(at)) return base_;
  return to_[static_cast<std::size_t>(move.rollout - rule_->rollouts.data())].value_or(base_);
}

NamespaceGiver giver_for(const Manifest& manifest, const NamespaceWish& wish) noexcept {
  if (!wish.named.empty()) return {GivenBy::kName};
  if (!manifest.caller_rules.empty()) {
    const CallerRule* rule = rule_for(manifest.caller_rules, wish.caller);
    return {rule != nullptr ? GivenBy::kRule : GivenBy::kNothing, rule};
  }
  if (!wish.usual.empty()) return {GivenBy::kUsual};
  return {manifest.namespaces.size() == 1 ? GivenBy::kOnlyOne : GivenBy::kNothing};
}

ServedNamespaces open_namespaces(const Snapshot& snapshot, const NamespaceWish& wish, Moment at) {
  const SnapshotData& data = data_of(snapshot);
  const NamespaceGiver giver = giver_for(data.manifest(), wish);
  const auto open = [&snapshot](std::string_view name) {
    ServedNamespaces namespaces;
    namespaces.default_namespace = snapshot.in(name);
    return namespaces;
  };
  switch (giver.by) {
    case GivenBy::kName: return open(expect(data, wish.named));
    case GivenBy::kRule: return by_rule(snapshot, *giver.rule, wish.caller, at);
    case GivenBy::kUsual: return open(wish.usual);
    case GivenBy::kOnlyOne: return open(data.manifest().namespaces[0].name);
    case GivenBy::kNothing: break;
  }
  refuse(data, wish.caller);
}

}  // namespace almanac::internal
