// One address of a service, and all of them.
//
//   for (almanac::Endpoint endpoint : service.endpoints())
//     if (endpoint.zone() == "us-east-1a") connect(endpoint.host(), endpoint.port());
//
// Lifetime, threads and promises are those of service.h: views that borrow from the snapshot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>

#include <almanac/attributes.h>

namespace almanac {

namespace internal {
class NamespaceData;
}

// One address of a service.
class ALMANAC_EXPORT Endpoint {
 public:
  [[nodiscard]] std::string_view uri() const noexcept { return uri_; }
  // The parts of the uri (RFC 3986, section 3); host is without the brackets of an IPv6 address.
  // An opaque uri such as an ARN or "mailto:" has a scheme but no host.
  [[nodiscard]] std::string_view scheme() const noexcept;
  [[nodiscard]] std::string_view host() const noexcept;
  // As written in the uri, else the scheme's well-known one (http, ws: 80; https, wss: 443), else none.
  [[nodiscard]] std::optional<std::uint16_t> port() const noexcept;

  [[nodiscard]] std::string_view version() const noexcept;  // semantic version, or empty
  [[nodiscard]] std::uint16_t weight() const noexcept;      // 0 to 65,535; 1 when not given
  [[nodiscard]] std::string_view zone() const noexcept;     // or empty
  [[nodiscard]] Tags tags() const noexcept;
  [[nodiscard]] Attributes attributes() const noexcept;

 private:
  friend class Endpoints;
  const internal::NamespaceData* data_ = nullptr;
  std::string_view uri_;
  std::uint32_t number_ = 0;
};

// The endpoints of a service in the order of its document: a forward range of Endpoint.
class ALMANAC_EXPORT Endpoints {
 public:
  class ALMANAC_EXPORT iterator {
   public:
    using value_type = Endpoint;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    Endpoint operator*() const noexcept { return endpoint_; }
    const Endpoint* operator->() const noexcept { return &endpoint_; }
    iterator& operator++() noexcept;
    iterator operator++(int) noexcept {
      auto before = *this;
      ++*this;
      return before;
    }
    bool operator==(const iterator& other) const noexcept { return endpoint_.uri_.data() == other.endpoint_.uri_.data(); }

   private:
    friend class Endpoints;
    Endpoint endpoint_;
  };

  Endpoints() = default;
  [[nodiscard]] iterator begin() const noexcept { return first_; }
  [[nodiscard]] iterator end() const noexcept { return {}; }
  [[nodiscard]] bool empty() const noexcept { return begin() == end(); }
  [[nodiscard]] std::size_t size() const noexcept;  // walks them

 private:
  friend class Service;
  Endpoints(const internal::NamespaceData* data, std::string_view first_uri, std::uint32_t number) noexcept;
  iterator first_;
};

}  // namespace almanac
