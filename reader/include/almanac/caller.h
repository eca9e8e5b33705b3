// Who is asking, and which namespace that gives.
//
//   almanac::Caller caller = almanac::Caller::from_environment();      // what the platform says
//   caller.set("role", role_arn).set("tag.stage", "prod");             // what it does not
//   auto registry = almanac::Registry::open("s3://acme-registry/live", {.caller = caller});
//
// A caller is a set of named properties. The rules of a registry (reader/CALLERS.md) match them to choose a namespace for
// whoever names none, and tell callers apart by them while a rollout moves one after another.
// Threads: const calls may run at once.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <almanac/error.h>

namespace almanac {

class ALMANAC_EXPORT Caller {
 public:
  using Properties = std::map<std::string, std::string, std::less<>>;

  Caller() = default;
  // What the variables of AWS Lambda, ECS, App Runner, Google Cloud Run and Functions, Azure Functions, Kubernetes and Vercel
  // say (reader/CALLERS.md lists them), and over that what $ALMANAC_CALLER says, which parse() reads.
  // Throws Error kInvalidArgument when that cannot be read.
  [[nodiscard]] static Caller from_environment();
  // "role=checkout,tag.team=blue": a comma or backslash has a backslash before it; every name stands once and has a value.
  // `object` names the text in errors. Throws Error kInvalidArgument.
  [[nodiscard]] static Caller parse(std::string_view text, const std::string& object);

  // In place of what it had; an empty value: it does not have the property. Throws Error kInvalidArgument for a name that is
  // empty, has a = or begins or ends with a blank, and for a NUL. A value of more than 1,024 bytes matches no rule.
  Caller& set(std::string_view name, std::string_view value);
  // These in place of those of the same names.
  Caller& set(const Caller& other);

  // Empty: it does not have the property.
  [[nodiscard]] std::string_view get(std::string_view name) const noexcept;
  // In byte order of the names.
  [[nodiscard]] const Properties& properties() const noexcept { return properties_; }

  // As parse() reads it; it gives the same caller.
  [[nodiscard]] std::string text() const;

 private:
  Properties properties_;
};

// Shares and buckets are counted in millionths.
inline constexpr std::uint32_t kWholeShare = 1'000'000;

// A change that reaches callers one after another, as one of them sees it. It has moved when its bucket is below the share. Where a
// rule has several rollouts, this is about the one that the caller is in; it stays where it is in none of them, and then the bucket
// is counted among all that the rule matches, and the share is that of all its rollouts together.
struct RolloutStatus {
  // Of this caller, 0 to 999,999, counted from where the rollout's own begin; nothing: it has no identity to be told apart by, and stays.
  std::optional<std::uint32_t> bucket;
  std::uint32_t share = 0;  // of the callers that have moved, in millionths
  bool moved = false;
  std::chrono::system_clock::time_point moves = std::chrono::system_clock::time_point::max();  // or moved; max(): not by this schedule
};

// What the rules give a caller. Borrows from the snapshot.
struct Choice {
  std::string_view namespace_name;
  std::size_t rule = 0;       // its place in the list, from 1
  std::string_view base;      // the rule's own namespace
  std::string_view going_to;  // the namespace of the rollout that this caller is in; empty: none
  std::optional<RolloutStatus> rollout;
};

}  // namespace almanac
