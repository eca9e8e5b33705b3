// What rows share: each distinct text or set once, numbered in byte order of its stored form, so that
// the numbers depend on the content alone. The empty one is always there, as number 0.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/registry.h"

namespace almanac::compile {

class SharedSets {
 public:
  static constexpr std::uint32_t kEmpty = 0;  // provisional number of the empty one, and final

  // `empty` is the stored form of the empty one.
  explicit SharedSets(std::string_view empty) { add(empty); }

  // The provisional number of a stored form, which number() turns into its final one after finish().
  std::uint32_t add(std::string_view stored);
  void finish();

  [[nodiscard]] std::uint32_t number(std::uint32_t provisional) const { return final_[provisional]; }
  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(forms_.size()); }
  // All stored forms in order of their numbers, one after another.
  [[nodiscard]] std::string text() const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
  std::vector<std::string_view> forms_;  // by provisional number; after finish() by final number
  std::vector<std::uint32_t> final_;
};

// The stored forms of schema/FORMAT.md, written over `into`.
std::string_view stored_label(std::string_view label, std::string& into);
std::string_view stored_tags(std::span<const std::string_view> tags, std::string& into);
std::string_view stored_attributes(std::span<const model::Attribute> attributes, std::string& into);

}  // namespace almanac::compile
