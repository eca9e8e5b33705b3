// What the index keeps for each slot, in the 8 bytes that the frame has for it. schema/FORMAT.md, "The index".
#pragma once

#include <cstddef>
#include <cstdint>

namespace almanac::internal {

inline constexpr std::uint32_t kMaxNameSize = 1024;  // bytes
inline constexpr std::uint32_t kMaxUriSize = 8192;

// The sizes of a service's name and first uri, and seven bits of the name's hash, so that nearly no missing name is compared.
class RowKey {
 public:
  RowKey() = default;  // no row
  RowKey(std::uint64_t hash, std::uint32_t name_size, std::uint32_t uri_size) noexcept
      : bits_(key_bits(hash, name_size) | uri_size << kNameBits) {}
  // Whether this may be the key of a name, of at least one byte, that has this hash and this size.
  [[nodiscard]] bool matches(std::uint64_t hash, std::size_t name_size) const noexcept {
    return name_size <= kMaxNameSize && (bits_ & ~kUriMask) == key_bits(hash, static_cast<std::uint32_t>(name_size));
  }
  [[nodiscard]] bool empty() const noexcept { return name_size() == 0; }
  [[nodiscard]] std::uint32_t name_size() const noexcept { return bits_ & ((1U << kNameBits) - 1); }
  [[nodiscard]] std::uint32_t uri_size() const noexcept { return (bits_ & kUriMask) >> kNameBits; }

 private:
  static constexpr unsigned kNameBits = 11;
  static constexpr unsigned kUriBits = 14;
  static constexpr std::uint32_t kUriMask = ((1U << kUriBits) - 1) << kNameBits;
  static_assert(kMaxNameSize < 1U << kNameBits && kMaxUriSize < 1U << kUriBits);

  static std::uint32_t key_bits(std::uint64_t hash, std::uint32_t name_size) noexcept {
    return static_cast<std::uint32_t>(hash) << (kNameBits + kUriBits) | name_size;
  }

  std::uint32_t bits_ = 0;
};

struct Slot {
  std::uint32_t text = 0;  // where the row begins
  RowKey key;
};

}  // namespace almanac::internal
