// The services of one namespace: found by name, or walked in byte order of their names.
//
//   almanac::Namespace prod = snapshot.in("prod");
//   auto queue = prod.find("audit-log");                         // std::optional<Service>
//   for (almanac::Service setting : prod.under("payments/"))     // names that begin with it
//     use(setting.name(), setting.value());
//   for (almanac::Service service : prod.tagged("pci")) audit(service);
//
// Lifetime, threads and promises are those of service.h: views that borrow from the snapshot, const
// calls that may run at once, and no allocation, lock, exception or system call in any of them.
//
// The index of a namespace is made as it is needed, so that opening does not wait for it. A name that it does not have yet, or that is
// not there, is looked for by binary search, and 16 to 64 KiB of rows get into the index meanwhile: that takes microseconds, not
// nanoseconds, until all are in. The first question for what is not text of the row (endpoints, tags, attributes, description, under())
// reads all rows once. Each process makes its own, after a fork too. What is found in a cache directory has its index, and so have
// the namespaces that a Registry serves by default once it was refreshed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>

#include <almanac/service.h>

namespace almanac {

// Services in byte order of their names: a forward range of Service.
class ALMANAC_EXPORT Services {
 public:
  class ALMANAC_EXPORT iterator {
   public:
    using value_type = Service;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    Service operator*() const noexcept { return service_; }
    const Service* operator->() const noexcept { return &service_; }
    iterator& operator++() noexcept;
    iterator operator++(int) noexcept {
      auto before = *this;
      ++*this;
      return before;
    }
    bool operator==(const iterator& other) const noexcept { return row_ == other.row_; }

   private:
    friend class Services;
    void advance() noexcept;
    void skip_untagged() noexcept;
    const internal::NamespaceData* data_ = nullptr;
    Service service_;
    std::string_view tag_;
    std::uint32_t row_ = 0;
    std::uint32_t last_ = 0;
  };

  Services() = default;
  [[nodiscard]] iterator begin() const noexcept;
  [[nodiscard]] iterator end() const noexcept;
  [[nodiscard]] bool empty() const noexcept { return begin() == end(); }
  // Only those with this tag. `tag` is borrowed.
  [[nodiscard]] Services tagged(std::string_view tag) const noexcept;

 private:
  friend class Namespace;
  const internal::NamespaceData* data_ = nullptr;
  std::string_view tag_;  // empty: all
  Service service_;       // in the first row
  std::uint32_t first_ = 0;
  std::uint32_t last_ = 0;
};

class ALMANAC_EXPORT Namespace {
 public:
  Namespace() = default;  // empty: finds nothing

  [[nodiscard]] std::string_view name() const noexcept;
  [[nodiscard]] std::size_t size() const noexcept;  // services
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  // The service of exactly this name, or nothing.
  [[nodiscard]] std::optional<Service> find(std::string_view name) const noexcept { return Service::found(data_, name, row_of(name)); }
  // Many at once, which wait for memory together: found[i] becomes what find(names[i]) gives, for as many as both have.
  void find(std::span<const std::string_view> names, std::span<std::optional<Service>> found) const noexcept;
  [[nodiscard]] bool contains(std::string_view name) const noexcept { return row_of(name).text != nullptr; }

  [[nodiscard]] Services services() const noexcept;
  // Those whose names begin with `prefix`, found by binary search.
  [[nodiscard]] Services under(std::string_view prefix) const noexcept;
  [[nodiscard]] Services tagged(std::string_view tag) const noexcept { return services().tagged(tag); }

  [[nodiscard]] Services::iterator begin() const noexcept { return services().begin(); }
  [[nodiscard]] Services::iterator end() const noexcept { return services().end(); }

 private:
  friend class internal::NamespaceData;
  [[nodiscard]] internal::FoundRow row_of(std::string_view name) const noexcept;
  const internal::NamespaceData* data_ = nullptr;
};

}  // namespace almanac
