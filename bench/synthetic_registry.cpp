// make-synthetic-registry: a made-up registry of any size as sorted JSON Lines, for benchmarks.
//
// What it imitates: one organisation whose services stand in 20 namespaces (stages and regions).
// Four services in five exist in every namespace under the same name, the fifth only in its own.
// Addresses hold what a cloud hands out: identifiers that no compressor can guess. The same
// arguments give the same bytes on every machine.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace {

// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }
  bool percent(unsigned share) { return next() % 100 < share; }
  template <class Container>
  const auto& pick(const Container& choices) {
    return choices[below(std::size(choices))];
  }
  std::string letters(std::string_view alphabet, std::size_t count) {
    std::string text(count, '\0');
    for (char& c : text) c = pick(alphabet);
    return text;
  }

 private:
  std::uint64_t state_;
};

constexpr std::array<std::string_view, 4> kStages = {"prod", "staging", "test", "dev"};
constexpr std::array<std::string_view, 5> kRegions = {"us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2"};
constexpr std::array<std::string_view, 24> kTeams = {"accounts",  "ads",      "analytics", "billing",  "catalog",  "checkout",
                                                     "content",   "delivery", "finance",   "fraud",    "identity", "mobile",
                                                     "messaging", "orders",   "partners",  "payments", "platform", "pricing",
                                                     "returns",   "search",   "shipping",  "stock",    "support",  "travel"};
constexpr std::array<std::string_view, 40> kSubjects = {
    "account",  "address", "alert",    "asset",  "audit",    "balance", "basket",  "campaign", "card",   "claim",
    "contract", "coupon",  "customer", "device", "document", "event",   "feed",    "fleet",    "image",  "invoice",
    "ledger",   "limit",   "locale",   "menu",   "metric",   "notice",  "offer",   "payout",   "policy", "profile",
    "quote",    "rate",    "refund",   "report", "review",   "route",   "session", "ticket",   "token",  "voucher"};
constexpr std::array<std::string_view, 20> kVerbs = {"archive", "batch",  "cache",  "check",  "export", "filter", "import",
                                                     "index",   "lookup", "match",  "mirror", "notify", "plan",   "render",
                                                     "replay",  "score",  "settle", "stream", "sync",   "upload"};
constexpr std::array<std::string_view, 7> kKinds = {"api", "worker", "queue", "table", "topic", "cache", "setting"};
constexpr std::array<std::string_view, 12> kTags = {"batch",  "beta", "canary", "critical", "gdpr", "internal",
                                                    "legacy", "pci",  "public", "readonly", "sox",  "tier1"};
constexpr std::string_view kBase36 = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kUpperBase36 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

struct Place {
  std::string name;  // of the namespace
  std::string_view stage;
  std::string_view region;
  std::string account;
};

struct Name {
  std::string text;
  std::string_view team;
  std::string_view subject;
  std::string_view kind;
};

Name make_name(Random& random) {
  const std::string_view team = random.pick(kTeams);
  const std::string_view subject = random.pick(kSubjects);
  const std::string_view verb = random.pick(kVerbs);
  const std::string_view kind = random.pick(kKinds);
  return {fmt::format("{}/{}-{}-{}", team, subject, verb, kind), team, subject, kind};
}

// `count` names that differ from each other and from those in `taken`.
std::vector<Name> make_names(Random& random, std::size_t count, std::unordered_set<std::string>& taken) {
  std::vector<Name> names;
  names.reserve(count);
  while (names.size() < count) {
    Name name = make_name(random);
    // Past the first few thousand the plain names run out; teams then number theirs.
    if (taken.contains(name.text)) name.text += fmt::format("-{}", 2 + random.below(10 + count / 50));
    if (taken.insert(name.text).second) names.push_back(std::move(name));
  }
  return names;
}

std::string tcp_uri(Random& random) {
  return fmt::format("tcp://10.{}.{}.{}:{}", random.below(8), random.below(256), random.below(256), 6379 + random.below(3));
}

std::string uri_of(Random& random, const Place& place, const Name& name) {
  const std::string_view leaf = std::string_view(name.text).substr(name.team.size() + 1);
  if (name.kind == "api") {
    return fmt::format("https://{}.execute-api.{}.amazonaws.com/{}", random.letters(kBase36, 10), place.region, place.stage);
  }
  if (name.kind == "cache") return tcp_uri(random);
  // CloudFormation ends the physical name of a resource in twelve characters of its own.
  const std::string physical = fmt::format("{}-{}", leaf, random.letters(kUpperBase36, 12));
  if (name.kind == "worker") return fmt::format("arn:aws:lambda:{}:{}:function:{}", place.region, place.account, physical);
  if (name.kind == "queue") return fmt::format("https://sqs.{}.amazonaws.com/{}/{}", place.region, place.account, physical);
  if (name.kind == "table") return fmt::format("arn:aws:dynamodb:{}:{}:table/{}", place.region, place.account, physical);
  return fmt::format("arn:aws:sns:{}:{}:{}", place.region, place.account, physical);
}

std::size_t endpoint_count(Random& random, std::string_view kind) {
  if (kind == "api") return random.percent(30) ? 2 : 1;
  if (kind == "cache") return 2 + random.below(2);
  return 1;
}

// The members of an endpoint in the canonical order, defaults left out.
std::string endpoint_json(Random& random, const Place& place, const Name& name, std::size_t of) {
  std::string json = fmt::format(R"({{"uri":"{}")", uri_of(random, place, name));
  if (name.kind == "api") json += fmt::format(R"(,"version":"{}.{}.{}")", 1 + random.below(3), random.below(10), random.below(6));
  if (name.kind == "api" && of > 1) json += fmt::format(R"(,"weight":{})", 10 * (1 + random.below(9)));
  if (name.kind == "cache") json += fmt::format(R"(,"zone":"{}{}")", place.region, random.pick(std::string_view("abc")));
  return json + "}";
}

std::string tags_json(Random& random) {
  std::vector<std::string_view> tags;
  for (std::string_view tag : kTags) {
    if (random.percent(8)) tags.push_back(tag);
  }
  return tags.empty() ? "" : fmt::format(R"(,"tags":["{}"])", fmt::join(tags, R"(",")"));
}

std::string service_json(Random& random, const Place& place, const Name& name) {
  std::string json = fmt::format(R"({{"namespace":"{}","name":"{}")", place.name, name.text);
  if (random.percent(40)) {
    json += fmt::format(R"(,"description":"The {} {} of team {}")", name.subject, name.kind, name.team);
  }
  if (name.kind == "setting") json += fmt::format(R"(,"value":"{}")", 5 * (1 + random.below(200)));
  json += tags_json(random);
  json += fmt::format(R"(,"attributes":{{"cost_center":"cc-{}","owner":"team-{}")", 1000 + name.team.size() * 37, name.team);
  if (name.kind != "setting") json += fmt::format(R"(,"timeout_ms":"{}")", 250U << random.below(5));
  json += "}";
  if (name.kind == "setting") return json + "}\n";
  json += R"(,"endpoints":[)";
  const std::size_t count = endpoint_count(random, name.kind);
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) json += ',';
    json += endpoint_json(random, place, name, count);
  }
  return json + "]}\n";
}

std::vector<Place> make_places(Random& random, std::size_t count) {
  std::vector<Place> places;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view stage = kStages[i % kStages.size()];
    const std::string_view region = kRegions[i / kStages.size() % kRegions.size()];
    const std::size_t cell = i / (kStages.size() * kRegions.size());
    std::string name = fmt::format("{}/{}", stage, region);
    if (cell != 0) name += fmt::format("/cell-{}", cell);
    places.push_back({std::move(name), stage, region, random.letters("0123456789", 12)});
  }
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.name < b.name; });
  return places;
}

void write_registry(std::size_t services, std::size_t namespaces, std::uint64_t seed) {
  Random random(seed);
  fmt::print("{{\"registry\":\"synthetic-{}\"}}\n", services);
  std::unordered_set<std::string> common_taken;
  const std::vector<Name> common = make_names(random, services / namespaces * 4 / 5, common_taken);
  const std::vector<Place> places = make_places(random, namespaces);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::size_t wanted = services / namespaces + (i < services % namespaces ? 1 : 0);
    std::unordered_set<std::string> taken = common_taken;
    std::vector<Name> names = make_names(random, wanted - common.size(), taken);
    names.insert(names.end(), common.begin(), common.end());
    std::sort(names.begin(), names.end(), [](const Name& a, const Name& b) { return a.text < b.text; });
    for (const Name& name : names) fmt::print("{}", service_json(random, places[i], name));
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t services = 100'000;
  std::size_t namespaces = 20;
  std::uint64_t seed = 1;
  CLI::App app("Prints a made-up registry as sorted JSON Lines: make-synthetic-registry 100000 > registry.jsonl");
  app.add_option("services", services, "number of services in all")->capture_default_str();
  app.add_option("--namespaces", namespaces, "number of namespaces they stand in")->capture_default_str()->check(CLI::Range(1, 100'000));
  app.add_option("--seed", seed, "another seed gives another registry of the same kind")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  write_registry(services, namespaces, seed);
  return std::fflush(stdout) == 0 ? 0 : 2;
}
