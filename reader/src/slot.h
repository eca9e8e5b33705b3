// What the index keeps for each slot, in the 8 bytes that the frame has for it. schema/FORMAT.md, "The index".
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace almanac::internal {

inline constexpr std::uint32_t kMaxNameSize = 1024;  // bytes
inline constexpr std::uint32_t kMaxUriSize = 8192;

// The sizes of a service's name and first uri, and seven bits of the name's hash, so that nearly no missing name is compared.
class RowKey {
 public:
  static constexpr unsigned kUriBits = 14;
  static constexpr std::uint32_t kOtherName = 1U << kUriBits;

  RowKey() = default;  // no row
  RowKey(std::uint64_t hash, std::uint32_t name_size, std::uint32_t uri_size) noexcept : bits_(key_bits(hash, name_size) | uri_size) {}
  // The size of the first uri if this may be the key of a name, of at least one byte, that has this hash and this size; kOtherName or
  // more if it is another's.
  [[nodiscard]] std::uint32_t uri_size_for(std::uint64_t hash, std::size_t name_size) const noexcept {
    return name_size > kMaxNameSize ? kOtherName : bits_ ^ key_bits(hash, static_cast<std::uint32_t>(name_size));
  }
  [[nodiscard]] bool empty() const noexcept { return bits_ == 0; }
  [[nodiscard]] std::uint32_t name_size() const noexcept { return bits_ >> kUriBits & ((1U << kNameBits) - 1); }
  bool operator==(const RowKey&) const = default;

 private:
  static constexpr unsigned kNameBits = 11;
  static_assert(kMaxNameSize < 1U << kNameBits && kMaxUriSize < 1U << kUriBits);

  static std::uint32_t key_bits(std::uint64_t hash, std::uint32_t name_size) noexcept {
    return (static_cast<std::uint32_t>(hash) << kNameBits | name_size) << kUriBits;
  }

  std::uint32_t bits_ = 0;
};

struct Slot {
  std::uint32_t text = 0;  // where the row begins
  RowKey key;
  bool operator==(const Slot&) const = default;
};

// A slot in the frame. Threads: it may be read while it is filled, and is then empty or whole; whoever fills it fills it with the same
// (index.h).
class SharedSlot {
 public:
  [[nodiscard]] Slot load() const noexcept {
    const RowKey key = key_.load(std::memory_order_acquire);
    return {text_.load(std::memory_order_relaxed), key};
  }
  void store(const Slot& slot) noexcept {
    text_.store(slot.text, std::memory_order_relaxed);
    key_.store(slot.key, std::memory_order_release);
  }

 private:
  std::atomic<std::uint32_t> text_ = 0;
  std::atomic<RowKey> key_ = RowKey();
};
static_assert(std::atomic<std::uint32_t>::is_always_lock_free && std::atomic<RowKey>::is_always_lock_free);

}  // namespace almanac::internal
