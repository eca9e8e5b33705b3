// Tags and attributes: what a service or an endpoint is marked with.
//
//   for (std::string_view tag : service.tags()) print(tag);
//   if (service.tags().contains("pci")) …
//   if (auto owner = service.attributes().find("owner")) print(*owner);
//
// Lifetime, threads and promises are those of service.h: views that borrow from the snapshot.
#pragma once

#include <almanac/version.h>

#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>

namespace almanac {

// A few texts in byte order, such as tags: a forward range of std::string_view.
class ALMANAC_EXPORT Tags {
 public:
  class ALMANAC_EXPORT iterator {
   public:
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    explicit iterator(std::string_view rest) noexcept;
    std::string_view operator*() const noexcept { return tag_; }
    iterator& operator++() noexcept;
    iterator operator++(int) noexcept {
      auto before = *this;
      ++*this;
      return before;
    }
    bool operator==(const iterator& other) const noexcept { return tag_.data() == other.tag_.data(); }

   private:
    std::string_view tag_;
    std::string_view rest_;
  };

  Tags() = default;
  explicit Tags(std::string_view set) noexcept : set_(set) {}
  [[nodiscard]] iterator begin() const noexcept { return iterator(set_); }
  [[nodiscard]] iterator end() const noexcept { return {}; }
  [[nodiscard]] bool empty() const noexcept { return begin() == end(); }
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] bool contains(std::string_view tag) const noexcept;

 private:
  std::string_view set_;  // (tag, 00)…, 00
};

struct Attribute {
  std::string_view key;
  std::string_view value;
};

// Keys with their values, in byte order of the keys: a forward range of Attribute.
class ALMANAC_EXPORT Attributes {
 public:
  class ALMANAC_EXPORT iterator {
   public:
    using value_type = Attribute;
    using difference_type = std::ptrdiff_t;
    iterator() = default;
    explicit iterator(std::string_view rest) noexcept;
    Attribute operator*() const noexcept { return attribute_; }
    iterator& operator++() noexcept;
    iterator operator++(int) noexcept {
      auto before = *this;
      ++*this;
      return before;
    }
    bool operator==(const iterator& other) const noexcept { return attribute_.key.data() == other.attribute_.key.data(); }

   private:
    Attribute attribute_;
    std::string_view rest_;
  };

  Attributes() = default;
  explicit Attributes(std::string_view set) noexcept : set_(set) {}
  [[nodiscard]] iterator begin() const noexcept { return iterator(set_); }
  [[nodiscard]] iterator end() const noexcept { return {}; }
  [[nodiscard]] bool empty() const noexcept { return begin() == end(); }
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] std::optional<std::string_view> find(std::string_view key) const noexcept;

 private:
  std::string_view set_;  // (key, 00, value, 00)…, 00
};

}  // namespace almanac
