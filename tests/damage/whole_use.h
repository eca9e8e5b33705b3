// Everything a program can ask a snapshot and its namespaces, asked: for tests of what must neither crash nor run away.
#pragma once

#include <almanac/snapshot.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace almanac::damage {

// Reads each byte, so that a view of memory that is not there does not go unnoticed.
inline void touch(std::string_view text, std::uint64_t& sum) {
  for (const char c : text) sum = sum * 31 + static_cast<unsigned char>(c);
}

inline void touch(const Tags& tags, std::uint64_t& sum) {
  for (const std::string_view tag : tags) touch(tag, sum);
  sum += tags.size() + static_cast<std::uint64_t>(tags.contains("pci"));
}

inline void touch(const Attributes& attributes, std::uint64_t& sum) {
  for (const Attribute attribute : attributes) {
    touch(attribute.key, sum);
    touch(attribute.value, sum);
    touch(attributes.find(attribute.key).value_or(""), sum);
  }
  sum += attributes.size();
}

inline void touch(const Endpoint& endpoint, std::uint64_t& sum) {
  for (const std::string_view text : {endpoint.uri(), endpoint.scheme(), endpoint.host(), endpoint.version(), endpoint.zone()})
    touch(text, sum);
  sum += std::uint64_t{endpoint.weight()} + endpoint.port().value_or(0);
  touch(endpoint.tags(), sum);
  touch(endpoint.attributes(), sum);
}

inline void touch(const Service& service, std::uint64_t& sum) {
  for (const std::string_view text : {service.name(), service.uri(), service.description(), service.value().value_or("")}) touch(text, sum);
  touch(service.tags(), sum);
  touch(service.attributes(), sum);
  for (const Endpoint& endpoint : service.endpoints()) touch(endpoint, sum);
  const MatchingEndpoints some = service.matching({.version = ">=1", .prefer_zone = "us-east-1a", .tags = {"pci"}});
  for (const Endpoint& endpoint : some) touch(endpoint, sum);
  for (const std::optional<Endpoint>& endpoint :
       {some.pick(), some.pick(service.name()), service.pick(), service.pick_with(sum), service.pick(service.name())}) {
    if (endpoint) touch(*endpoint, sum);
  }
}

// More than a namespace holds would be a walk that does not end.
inline void touch(const Services& services, std::size_t most, std::uint64_t& sum) {
  std::size_t count = 0;
  for (const Service& service : services) {
    if (++count > most) throw std::logic_error("a walk goes on behind the last service");
    touch(service, sum);
  }
}

// The sum depends on all that was read; it is of use only to keep the reading from being optimised away.
inline std::uint64_t use(const Namespace& services) {
  std::uint64_t sum = services.size();
  touch(services.name(), sum);
  touch(services.services(), services.size(), sum);
  touch(services.tagged("pci"), services.size(), sum);
  constexpr std::size_t kMostLookups = 64;  // a lookup by prefix reads some rows again
  std::size_t lookups = 0;
  for (const Service& service : services) {
    const std::string_view name = service.name();
    if (const auto found = services.find(name)) touch(*found, sum);
    if (const auto found = services.find(name.substr(0, name.size() / 2))) touch(*found, sum);
    if (++lookups > kMostLookups) continue;
    touch(services.under(name), services.size(), sum);
    touch(services.under(name.substr(0, name.size() / 2)), services.size(), sum);
  }
  constexpr std::array<std::string_view, 4> kNames = {"", "users", "payments/", "\xff"};
  for (const std::string_view name : kNames) {
    if (const auto found = services.find(name)) touch(*found, sum);
    touch(services.under(name), services.size(), sum);
  }
  std::array<std::optional<Service>, kNames.size()> all;
  services.find(kNames, all);
  for (const std::optional<Service>& found : all) {
    if (found) touch(*found, sum);
  }
  return sum;
}

// What the rules give some callers, which must be a namespace that is there or a reason why there is none.
inline void choose(const Snapshot& snapshot) {
  using Time = std::chrono::system_clock::time_point;
  using std::chrono::milliseconds;
  const std::array<Caller, 4> callers = {
      Caller(), Caller::parse("instance=i-1", "a caller"),
      Caller::parse("function=pay-1,role=arn:aws:iam::123456789012:role/checkout-api,tag.stage=live,instance=i-2", "a caller"),
      Caller::parse("function=*,region=\xC3\xA4\xFF,instance=\xE2\x82", "a caller")};
  for (const Caller& caller : callers) {
    for (const std::string_view key : {"", "customer-42"}) {
      for (const Time at : {Time::min(), Time(), Time(milliseconds(1'795'166'100'000)), Time::max()}) {
        try {
          const Choice choice = snapshot.choose(caller, key, at);
          if (!snapshot.has_namespace(choice.namespace_name)) throw std::logic_error("a caller gets a namespace that is not there");
          if (choice.rule < 1 || choice.rule > snapshot.caller_rule_count()) throw std::logic_error("a choice by no rule");
          if (!choice.rollout) continue;
          const bool is_below = choice.rollout->bucket && *choice.rollout->bucket < choice.rollout->share;
          if (choice.rollout->moved != is_below) throw std::logic_error("a caller moves against the share");
        } catch (const Error& error) {
          if (error.code() != ErrorCode::kNotFound) throw;
        }
      }
    }
  }
}

}  // namespace almanac::damage
