// FlatBuffers as the format uses them: a handful of tables around long vectors.
#pragma once

#include <flatbuffers/flatbuffers.h>

#include <cstdint>
#include <span>
#include <string_view>

#include "bytes.h"

namespace almanac::internal {

// The root of `bytes` if it is a well-formed buffer of that type, else null. The limits are the
// format's: every table of it is a field of the root, so more depth or more tables is no buffer of
// ours, and the check takes the same time whatever the number of rows.
template <class Root>
[[nodiscard]] const Root* verified_root(Bytes bytes, const char* identifier) noexcept {
  constexpr flatbuffers::uoffset_t kMaxDepth = 4;
  constexpr flatbuffers::uoffset_t kMaxTables = 64;
  if (bytes.size() >= FLATBUFFERS_MAX_BUFFER_SIZE) return nullptr;
  flatbuffers::Verifier verifier(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), kMaxDepth, kMaxTables);
  if (!verifier.VerifyBuffer<Root>(identifier)) return nullptr;
  return flatbuffers::GetRoot<Root>(bytes.data());
}

[[nodiscard]] inline std::string_view text_of_bytes(const flatbuffers::Vector<std::uint8_t>* bytes) noexcept {
  return bytes == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(bytes->data()), bytes->size());
}

// Whether structs that hold numbers of eight bytes lie where such numbers may: the verifier looks only at
// the vector's length field, which has four. The buffer itself is aligned.
template <class T>
[[nodiscard]] bool elements_aligned(const flatbuffers::Vector<const T*>* vector) noexcept {
  return vector == nullptr || vector->size() == 0 || reinterpret_cast<std::uintptr_t>(vector->Data()) % alignof(T) == 0;
}

// A vector of structs or numbers, which may be absent, as contiguous memory.
template <class T>
[[nodiscard]] std::span<const T> span_of(const flatbuffers::Vector<T>* vector) noexcept {
  return vector == nullptr ? std::span<const T>() : std::span<const T>(reinterpret_cast<const T*>(vector->data()), vector->size());
}

template <class T>
[[nodiscard]] std::span<const T> span_of(const flatbuffers::Vector<const T*>* vector) noexcept {
  return vector == nullptr ? std::span<const T>() : std::span<const T>(reinterpret_cast<const T*>(vector->data()), vector->size());
}

}  // namespace almanac::internal
