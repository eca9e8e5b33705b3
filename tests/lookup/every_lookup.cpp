#include "every_lookup.h"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>

namespace almanac::lookup {

namespace {

// FNV-1a, so that nothing of an answer can be left unread.
class Sum {
 public:
  void add(std::string_view text) noexcept {
    for (const char c : text) add(static_cast<unsigned char>(c));
    add(text.size());
  }
  void add(std::uint64_t number) noexcept { sum_ = (sum_ ^ number) * 0x100000001B3U; }
  [[nodiscard]] std::uint64_t get() const noexcept { return sum_; }

 private:
  std::uint64_t sum_ = 0xCBF29CE484222325U;
};

void add(Sum& sum, const Tags& tags) noexcept {
  for (const std::string_view tag : tags) sum.add(tag);
  sum.add(tags.size());
  sum.add(static_cast<std::uint64_t>(tags.empty()));
  sum.add(static_cast<std::uint64_t>(tags.contains("pci")));
}

void add(Sum& sum, const Attributes& attributes) noexcept {
  for (const Attribute attribute : attributes) {
    sum.add(attribute.key);
    sum.add(attribute.value);
  }
  sum.add(attributes.size());
  sum.add(attributes.find("owner").value_or("nobody"));
  sum.add(static_cast<std::uint64_t>(attributes.empty()));
}

void add(Sum& sum, const Endpoint& endpoint) noexcept {
  sum.add(endpoint.uri());
  sum.add(endpoint.scheme());
  sum.add(endpoint.host());
  sum.add(endpoint.port().value_or(0));
  sum.add(endpoint.version());
  sum.add(endpoint.weight());
  sum.add(endpoint.zone());
  add(sum, endpoint.tags());
  add(sum, endpoint.attributes());
}

void add(Sum& sum, const std::optional<Endpoint>& endpoint) noexcept {
  if (endpoint) add(sum, *endpoint);
  sum.add(static_cast<std::uint64_t>(endpoint.has_value()));
}

// All is asked for that can be, the text of a range included.
void add_choices(Sum& sum, const Service& service) noexcept {
  const MatchingEndpoints some =
      service.matching({.version = "^1.0 || >=2.0.0-rc.1 <3", .prefer_zone = "z", .tags = {"pci"}, .attributes = {{"owner", "e"}}});
  for (const Endpoint endpoint : some) add(sum, endpoint);
  sum.add(some.size());
  sum.add(static_cast<std::uint64_t>(some.empty()));
  add(sum, some.pick(service.name()));
  add(sum, some.pick_with(1));
  add(sum, service.pick(service.name()));
  add(sum, service.pick_with(1));
  // Another endpoint each time, and there is one or not.
  sum.add(static_cast<std::uint64_t>(some.pick().has_value()));
  sum.add(static_cast<std::uint64_t>(service.pick().has_value()));
}

void add(Sum& sum, const Service& service) noexcept {
  sum.add(service.name());
  sum.add(service.uri());
  sum.add(service.value().value_or("none"));
  sum.add(service.description());
  add(sum, service.tags());
  add(sum, service.attributes());
  const Endpoints endpoints = service.endpoints();
  sum.add(endpoints.size());
  sum.add(static_cast<std::uint64_t>(endpoints.empty()));
  for (const Endpoint endpoint : endpoints) add(sum, endpoint);
}

void add_first(Sum& sum, const Services& services) noexcept {
  constexpr int kMost = 5;
  int left = kMost;
  for (const Service& service : services) {
    add(sum, service);
    if (--left == 0) break;
  }
  sum.add(static_cast<std::uint64_t>(services.empty()));
}

// "service/123"
class Name {
 public:
  explicit Name(std::uint64_t number) noexcept {
    kStart.copy(text_.data(), kStart.size());
    end_ = std::to_chars(text_.data() + kStart.size(), text_.data() + text_.size(), number).ptr;
  }
  [[nodiscard]] std::string_view get() const noexcept { return {text_.data(), static_cast<std::size_t>(end_ - text_.data())}; }

 private:
  static constexpr std::string_view kStart = "service/";
  std::array<char, 32> text_{};
  char* end_ = nullptr;
};

}  // namespace

std::uint64_t ask_everything(const Namespace& name_space, std::uint64_t round) noexcept {
  Sum sum;
  const Name hit(round % name_space.size());
  const Name miss(name_space.size() + round);
  if (const auto found = name_space.find(hit.get())) {
    add(sum, *found);
    add_choices(sum, *found);
  }
  sum.add(static_cast<std::uint64_t>(name_space.find(miss.get()).has_value()));
  sum.add(static_cast<std::uint64_t>(name_space.contains(hit.get())));
  const std::array<std::string_view, 2> names = {hit.get(), miss.get()};
  std::array<std::optional<Service>, names.size()> both;
  name_space.find(names, both);
  for (const std::optional<Service>& found : both) sum.add(found ? found->uri() : "none");
  sum.add(name_space.name());
  sum.add(name_space.size());
  add_first(sum, name_space.services());
  add_first(sum, name_space.under(hit.get()));
  add_first(sum, name_space.under(miss.get()));
  add_first(sum, name_space.tagged("pci"));
  add_first(sum, name_space.under("service/1").tagged("gdpr"));
  return sum.get();
}

}  // namespace almanac::lookup
