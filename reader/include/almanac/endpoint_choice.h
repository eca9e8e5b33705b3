// Some of a service's endpoints, and one of them chosen by its weight.
//
//   auto near = users->matching({.version = "^1.2", .prefer_zone = my_zone, .tags = {"pci"}});
//   if (auto endpoint = near.pick()) connect(endpoint->uri());               // at random, by weight
//   if (auto endpoint = users->pick(customer)) connect(endpoint->uri());     // the same customer: the same endpoint
//   for (almanac::Endpoint endpoint : near) …
//
// A key keeps its endpoint among those that match: callers with another filter or preferred zone may get another one for it.
// reader/CALLERS.md, "Choosing an endpoint", says what is chosen, to the last bit.
//
// Lifetime, threads and promises are those of service.h. A filter and what is made with it borrow the filter's texts as well, and
// an iterator the range that it is of. Each walk and pick looks at the endpoints, and reads the text of the version range, anew:
// where it matters, keep what was picked, not the range.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include <almanac/endpoint.h>
#include <almanac/version_range.h>

namespace almanac {

// A text that a filter borrows: a std::string_view, but not of a std::string that is gone at once, nor from one pointer to another,
// which is what two texts in braces too many would be.
class FilterText {
 public:
  constexpr FilterText() = default;
  template <std::convertible_to<std::string_view> Text>
  constexpr FilterText(const Text& text) : text_(text) {}  // NOLINT(google-explicit-constructor): stands for a text
  FilterText(const std::string&&) = delete;
  constexpr operator std::string_view() const noexcept { return text_; }  // NOLINT(google-explicit-constructor): the same
  [[nodiscard]] constexpr bool empty() const noexcept { return text_.empty(); }

 private:
  std::string_view text_;
};

// All that is given must hold; what is left empty is not asked for. (The {} let g++ -Wextra pass over what is not named.)
// Making one throws Error kInvalidArgument when the version is a text that is no range.
//
// Every text must outlive the range that is made with the filter. In a range-for those of temporaries do not:
//
//   for (auto endpoint : users->matching({.attributes = {{"tier", tier_of(customer)}}})) …    // wrong when tier_of() makes a std::string
struct EndpointFilter {
  VersionRange version{};  // an endpoint without a version is in none
  FilterText zone{};
  // The endpoints of this zone when one of them, the rest of the filter applied, has a weight above 0; else those of all zones.
  FilterText prefer_zone{};
  std::array<FilterText, 4> tags{};
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
  std::optional<Endpoint> pick(std::nullptr_t) const = delete;  // pick(0) is no key
  [[nodiscard]] std::optional<Endpoint> pick_with(std::uint64_t random) const noexcept;

 private:
  Endpoints endpoints_;
  EndpointFilter filter_;  // prefer_zone is settled: its zone, or none
};

}  // namespace almanac
