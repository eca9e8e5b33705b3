#include "property/random_registry.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <set>
#include <string_view>
#include <utility>

#include "caller_rules.h"
#include "model/field_rules.h"

namespace almanac::property {

namespace {

using std::string_view_literals::operator""sv;

template <class Texts>
std::string_view one_of(Random& random, const Texts& texts) {
  return texts[below(random, texts.size())];
}

// Pieces of texts: plain ones, ones that JSON and terminals take for something else, and other scripts.
constexpr std::array kPieces = {"a"sv, "b"sv, "service"sv, "-"sv,    "_"sv,      "."sv, "0"sv,      "7"sv,      "\""sv,       "\\"sv, "{"sv,
                                ","sv, "é"sv, "ß"sv,       "日本"sv, "\u202e"sv, "🜚"sv, "\u0301"sv, "\ufffd"sv, "<script>"sv, "%00"sv};
constexpr std::array kSegments = {"payments"sv, "api"sv,      "v1"sv, "v2"sv, "max-retries"sv,
                                  "größe"sv,    "サービス"sv, "x"sv,  "~"sv,  "eu-west-1"sv};
constexpr std::array kPrefixes = {"service-"sv, "service-0000"sv, "payments/api/"sv, "payments/"sv, "s"sv, "サービス/"sv};
// What a value may hold and a name may not.
constexpr std::array kControls = {"\1"sv, "\2"sv, "\3"sv, "\n"sv, "\r\n"sv, "\t"sv, "\x1b[31m"sv, "\x7f"sv, "\u0085"sv};

std::string some_pieces(Random& random, std::size_t most) {
  std::string text;
  for (std::size_t i = below(random, most) + 1; i > 0; --i) text += one_of(random, kPieces);
  return text;
}

std::string any_text(Random& random, std::size_t most) {
  std::string text;
  for (std::size_t i = below(random, most + 1); i > 0; --i)
    text += once_in(random, 3) ? one_of(random, kControls) : one_of(random, kPieces);
  return text;
}

std::string path(Random& random) {
  std::string name(one_of(random, kSegments));
  for (std::size_t i = below(random, 4); i > 0; --i) name.append("/").append(one_of(random, kSegments));
  return name;
}

std::string candidate_name(Random& random) {
  constexpr std::size_t kLongest = 1024;
  switch (below(random, 8)) {
    case 0: return std::string(1, static_cast<char>('!' + below(random, '~' - '!' + 1)));
    case 1: return std::string(kLongest - 4, static_cast<char>('a' + below(random, 26))) + std::to_string(1000 + below(random, 9000));
    case 2:
    case 3: return path(random);
    case 4: return some_pieces(random, 12);
    default: return std::string(one_of(random, kPrefixes)) + std::to_string(below(random, 100'000));
  }
}

std::vector<std::string> random_tags(Random& random) {
  std::set<std::string> tags;
  for (std::size_t i = once_in(random, 2) ? 0 : below(random, 5); i > 0; --i) {
    tags.insert(once_in(random, 6) ? some_pieces(random, 3) : std::string(1, static_cast<char>('a' + below(random, 6))));
  }
  return {tags.begin(), tags.end()};
}

support::TextPairs random_attributes(Random& random) {
  std::set<std::string> keys;
  for (std::size_t i = once_in(random, 2) ? 0 : below(random, 4); i > 0; --i) keys.insert(some_pieces(random, 2));
  support::TextPairs pairs;
  for (const std::string& key : keys) pairs.emplace_back(key, once_in(random, 4) ? "" : any_text(random, 4));
  return pairs;
}

std::string random_uri(Random& random) {
  constexpr std::array kBeginnings = {"https://a1b2c3.execute-api.us-east-1.amazonaws.com/"sv, "tcp://10.0.0.1:4161"sv,
                                      "arn:aws:sqs:us-east-1:1:q"sv, "urn:x"sv, "http://[::1]:80/"sv};
  std::string uri = std::string(one_of(random, kBeginnings)) + std::to_string(below(random, 50));
  if (once_in(random, 200)) uri.append(8192 - uri.size(), 'u');
  return uri;
}

support::EndpointBuilder random_endpoint(Random& random) {
  constexpr std::array kVersions = {"1.0.0"sv, "2.1.0-rc.1"sv, "0.0.1+build"sv};
  constexpr std::array<std::uint16_t, 4> kWeights = {0, 2, 100, 65535};
  support::EndpointBuilder endpoint(random_uri(random));
  if (once_in(random, 3)) endpoint.version(std::string(one_of(random, kVersions)));
  if (once_in(random, 3)) endpoint.zone(some_pieces(random, 2));
  if (once_in(random, 2)) endpoint.weight(kWeights[below(random, kWeights.size())]);
  endpoint.tags(random_tags(random)).attributes(random_attributes(random));
  return endpoint;
}

support::ServiceBuilder random_service(Random& random, std::string name) {
  support::ServiceBuilder service(std::move(name));
  const bool with_value = once_in(random, 3);
  std::size_t endpoints = with_value && once_in(random, 2) ? 0 : 1 + below(random, 3);
  if (once_in(random, 150)) endpoints = 300;
  for (; endpoints > 0; --endpoints) service.endpoint(random_endpoint(random));
  if (with_value) service.value(once_in(random, 100) ? std::string(65536, 'v') : any_text(random, 6));
  if (once_in(random, 3)) service.description(any_text(random, 5));
  return service.tags(random_tags(random)).attributes(random_attributes(random));
}

internal::Schedule random_schedule(Random& random, std::uint32_t share) {
  using internal::kAlways;
  if (once_in(random, 3)) return {{{kAlways, share}}, once_in(random, 2)};
  internal::Schedule schedule{{}, once_in(random, 2)};
  std::set<std::uint32_t> shares = {share};
  for (std::size_t i = below(random, 20); i > 0; --i) shares.insert(static_cast<std::uint32_t>(below(random, share + 1)));
  internal::Moment at = kAlways;
  for (const std::uint32_t each : shares) {
    at += std::chrono::milliseconds(1 + below(random, once_in(random, 2) ? 1000 : 10'000'000'000));
    schedule.stages.push_back({at, each});
  }
  return schedule;
}

internal::Condition random_condition(Random& random, model::Arena& arena, const std::string& property) {
  std::set<std::string> patterns;
  for (std::size_t i = below(random, 4) + 1; i > 0; --i) {
    constexpr std::array kWild = {"*"sv, "?"sv, "\\*"sv, "\\\\"sv};
    const std::string pattern = any_text(random, 3) + std::string(one_of(random, kWild)) + any_text(random, 2);
    patterns.insert(model::pattern_fault(pattern) ? "*" : pattern);
  }
  internal::Condition condition{arena.copy(property), {}};
  for (const std::string& pattern : patterns) condition.patterns.push_back(arena.copy(pattern));
  return condition;
}

model::CallerRule random_caller_rule(Random& random, model::Registry& registry, std::size_t number) {
  const auto any_namespace = [&] { return registry.namespaces[below(random, registry.namespaces.size())].name; };
  model::CallerRule rule;
  rule.name_space = any_namespace();
  // No other rule has this account, so no earlier one matches all that this one does.
  rule.conditions.push_back({"account", {registry.arena->copy(std::to_string(number))}});
  for (const char* property : {"function", "role", "tag.größe", "tag.x\u202e", "zone"}) {
    if (once_in(random, 3)) rule.conditions.push_back(random_condition(random, *registry.arena, property));
  }
  rule.by = static_cast<internal::RolloutBy>(1 + below(random, 3));
  std::uint32_t left = kWholeShare;
  for (std::size_t i = below(random, 4); i > 0; --i) {
    const auto share = static_cast<std::uint32_t>(below(random, left + 1));
    const std::string_view to = any_namespace();
    if (to == rule.name_space) continue;
    left -= share;
    rule.rollouts.push_back({to, random_schedule(random, share), {}});
  }
  return rule;
}

}  // namespace

std::size_t below(Random& random, std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random); }

bool once_in(Random& random, std::size_t times) { return below(random, times) == 0; }

std::string random_name(Random& random) {
  for (;;) {
    std::string name = candidate_name(random);
    if (!model::service_name_fault(name)) return name;
  }
}

std::vector<support::NamespaceBuilder> random_namespaces(Random& random, std::size_t services) {
  constexpr std::size_t kMostNamespaces = 40;
  std::set<std::string> names;
  for (std::size_t i = below(random, kMostNamespaces) + 1; i > 0; --i) {
    std::string name = random_name(random);
    if (!model::namespace_name_fault(name)) names.insert(std::move(name));
  }
  if (names.empty()) names.insert("prod");
  std::vector<support::NamespaceBuilder> namespaces;
  for (const std::string& name : names) namespaces.push_back({name, {}});
  std::ranges::shuffle(namespaces, random);
  // The first ones get the most; the last half, and then some, may get none.
  const std::size_t inhabited = below(random, namespaces.size()) / 2 + 1;
  std::set<std::pair<std::size_t, std::string>> taken;
  while (taken.size() < services) {
    const std::size_t at = below(random, below(random, inhabited) + 1);
    std::string name = random_name(random);
    if (taken.emplace(at, name).second) namespaces[at].services.push_back(random_service(random, std::move(name)));
  }
  return namespaces;
}

void add_random_caller_rules(Random& random, model::Registry& registry) {
  for (std::size_t number = below(random, 20); number > 0; --number) {
    registry.caller_rules.push_back(random_caller_rule(random, registry, number));
  }
  if (once_in(random, 2)) registry.caller_rules.emplace_back().name_space = registry.namespaces.front().name;
}

}  // namespace almanac::property
