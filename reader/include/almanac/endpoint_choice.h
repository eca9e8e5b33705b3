// Some of a service's endpoints, and one of them chosen by its weight.
//
//   auto near = users->matching({.version = "^1.2", .prefer_zone = my_zone, .tags = {"pci"}});
//   if (auto endpoint = near.pick()) connect(endpoint->uri());             // at random, by weight
//   if (auto endpoint = near.pick(customer)) connect(endpoint->uri());     // the same customer: the same endpoint
//   for (almanac::Endpoint endpoint : near) …
//
// reader/CALLERS.md, "Choosing an endpoint", says what is chosen, to the last bit.
//
// Lifetime, threads and promises are those of service.h. A filter and what is made with it borrow the filter's texts as well, and
// an iterator the range that it is of.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>

#include <almanac/endpoint.h>
#include <almanac/version_range.h>

namespace almanac {

// All that is given must hold; what is left empty is not asked for. (The {} let g++ -Wextra pass over what is not named.)
struct EndpointFilter {
  VersionRange version{};  // an endpoint without a version is in none
  std::string_view zone{};
  // The endpoints of this zone when one of them, the rest of the filter applied, has a weight above 0; else those of all zones.
  std::string_view prefer_zone{};
  std::array<std::string_view, 4> tags{};
  std::array<Attribute, 4> attributes{};  // those with an empty key are left out
};

// In the order of the document: a forward range of Endpoint.
class ALMANAC_EXPORT MatchingEndpoints {
 public:
  class ALMANAC_EXPORT iterator {
   public:
    using value_type = Endpoint;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    Endpoint operator*() const noexcept { return *at_; }
    const Endpoint* operator->() const noexcept { return at_.operator->(); }
    iterator& operator++() noexcept;
    iterator operator++(int) noexcept {
      auto before = *this;
      ++*this;
      return before;
    }
    bool operator==(const iterator& other) const noexcept { return at_ == other.at_; }

   private:
    friend class MatchingEndpoints;
    void skip_others() noexcept;
    Endpoints::iterator at_;
    const EndpointFilter* filter_ = nullptr;
  };

  MatchingEndpoints() = default;
  MatchingEndpoints(const Endpoints& endpoints, const EndpointFilter& filter) noexcept;
  [[nodiscard]] iterator begin() const noexcept;
  [[nodiscard]] iterator end() const noexcept { return {}; }
  [[nodiscard]] bool empty() const noexcept { return begin() == end(); }
  [[nodiscard]] std::size_t size() const noexcept;  // walks them

  // As those of Service.
  [[nodiscard]] std::optional<Endpoint> pick() const noexcept;
  [[nodiscard]] std::optional<Endpoint> pick(std::string_view key) const noexcept;
  [[nodiscard]] std::optional<Endpoint> pick_with(std::uint64_t random) const noexcept;

 private:
  Endpoints endpoints_;
  EndpointFilter filter_;  // prefer_zone is settled: its zone, or none
};

}  // namespace almanac
