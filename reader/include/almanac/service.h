// What a lookup gives: small views that borrow from an open snapshot.
//
//   if (auto users = prod.find("user-management-service")) {
//     connect(users->uri());                               // the first endpoint's
//     for (almanac::Endpoint endpoint : users->endpoints()) …
//     if (auto endpoint = users->pick()) connect(endpoint->uri());   // one of them, by weight
//   }
//
// Lifetime: a view, and every string_view taken from it, lives as long as the Snapshot (or the View
// of a Registry) that it came from. Threads: all calls are const, and may run at once.
// Nothing here allocates, locks, throws or makes a system call; but pick() without a key reads the clock, which is one on a machine
// whose clock source the kernel's vDSO cannot read (tsc, kvm-clock, Hyper-V's and ARM's it can).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <almanac/attributes.h>
#include <almanac/endpoint.h>
#include <almanac/endpoint_choice.h>

namespace almanac {

namespace internal {
// What a lookup finds, in two registers: where the row is, null for nowhere, and the size of its first uri.
struct FoundRow {
  const char* text = nullptr;
  std::size_t uri_size = 0;
};
}  // namespace internal

// One record of a namespace.
class ALMANAC_EXPORT Service {
 public:
  Service() = default;  // of no namespace: everything is empty

  [[nodiscard]] std::string_view name() const noexcept { return {text_, name_size_}; }
  // Of the first endpoint; empty when the service has none.
  [[nodiscard]] std::string_view uri() const noexcept {
    return uri_size_ == 0 ? std::string_view() : std::string_view{text_ + name_size_ + 1, uri_size_};
  }
  [[nodiscard]] Endpoints endpoints() const noexcept;
  // Those that `filter` lets through.
  [[nodiscard]] MatchingEndpoints matching(const EndpointFilter& filter) const noexcept { return {endpoints(), filter}; }
  // One endpoint, at random: twice the weight, twice as often. One of weight 0 never is; nothing when there is no other.
  [[nodiscard]] std::optional<Endpoint> pick() const noexcept;
  // One endpoint by `key`: twice the weight, twice as many keys. The same key gets the same endpoint on every machine, and
  // adding, removing or re-weighting an endpoint moves no other keys than it gains or loses. Endpoints with the same uri count
  // as one, with the largest of their weights.
  [[nodiscard]] std::optional<Endpoint> pick(std::string_view key) const noexcept;
  std::optional<Endpoint> pick(std::nullptr_t) const = delete;  // pick(0) is no key
  // As pick(), from these random bits instead of new ones: the same bits, the same endpoint.
  [[nodiscard]] std::optional<Endpoint> pick_with(std::uint64_t random) const noexcept;
  [[nodiscard]] std::optional<std::string_view> value() const noexcept;
  [[nodiscard]] std::string_view description() const noexcept;  // or empty
  [[nodiscard]] Tags tags() const noexcept;
  [[nodiscard]] Attributes attributes() const noexcept;

 private:
  friend class internal::NamespaceData;
  friend class Namespace;
  Service(const internal::NamespaceData* data, const char* text, std::uint16_t name_size, std::uint16_t uri_size) noexcept
      : data_(data), text_(text), row_(kUnknown), endpoint_(kUnknown), name_size_(name_size), uri_size_(uri_size) {}
  static std::optional<Service> found(const internal::NamespaceData* data, std::string_view name, internal::FoundRow row) noexcept {
    if (row.text == nullptr) return std::nullopt;
    return Service(data, row.text, static_cast<std::uint16_t>(name.size()), static_cast<std::uint16_t>(row.uri_size));
  }
  const internal::NamespaceData* data_ = nullptr;
  const char* text_ = nullptr;  // the row: name, 01 uri …, 02 value, 00
  static constexpr std::uint32_t kUnknown = UINT32_MAX;
  std::uint32_t row_ = 0;       // its number, or kUnknown, for one that was found by name: its text tells
  std::uint32_t endpoint_ = 0;  // number of the first endpoint, likewise
  std::uint16_t name_size_ = 0;
  std::uint16_t uri_size_ = 0;
};

}  // namespace almanac
