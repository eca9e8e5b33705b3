// Stores what repeats once: zones, versions, tags, attributes, and whole sets of the latter two.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "model/arena.h"
#include "model/registry.h"

namespace almanac::source {

class Interner {
 public:
  // What it returns lives in `arena`, which outlives the interner.
  explicit Interner(model::Arena& arena) : arena_(arena) {}

  // Long texts hardly repeat: they are stored without being looked for.
  [[nodiscard]] std::string_view text(std::string_view text);

  // Equal sets in equal order share their memory. The texts in them are interned on the way.
  [[nodiscard]] std::span<std::string_view> tags(std::span<const std::string_view> tags);
  [[nodiscard]] std::span<model::Attribute> attributes(std::span<const model::Attribute> attributes);

 private:
  // Open addressing, a power of two of slots, at most three quarters of them in use.
  template <typename Item>
  struct Table {
    struct Slot {
      std::span<Item> items;  // empty: free
      std::uint64_t hash = 0;
    };
    std::vector<Slot> slots;
    std::size_t used = 0;
  };

  // The text as it is stored, and the hash of it.
  struct Hashed {
    std::string_view text;
    std::uint64_t hash;
  };
  [[nodiscard]] Hashed hashed(std::string_view text);
  template <typename Item>
  std::span<Item> find_or_store(Table<Item>& table, std::span<const Item> items, std::uint64_t hash);

  model::Arena& arena_;
  Table<char> texts_;
  Table<std::string_view> tag_sets_;
  Table<model::Attribute> attribute_sets_;
  std::vector<std::string_view> tag_set_;        // scratch of tags()
  std::vector<model::Attribute> attribute_set_;  // scratch of attributes()
};

}  // namespace almanac::source
