// The index of a frame: what a reader derives from the rows, in the space the frame has for it.
// schema/FORMAT.md, "The index".
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "bytes.h"

namespace almanac::internal {

class Frame;
struct Part;
struct PartIndex;

// What a row of text says of itself.
struct RowShape {
  std::uint32_t name_size = 0;
  std::uint32_t uri_size = 0;  // of the first endpoint; 0 without one
  std::uint32_t endpoints = 0;
  std::uint32_t size = 0;  // bytes, the closing mark included
};

inline constexpr char kEndMark = 0;
inline constexpr char kUriMark = 1;
inline constexpr char kValueMark = 2;

// The next 00, 01 or 02.
[[nodiscard]] inline const char* next_mark(const char* text) noexcept { return find_mark<2>(text); }
[[nodiscard]] inline const char* end_mark(const char* text) noexcept { return find_mark<0>(text); }
// Where the row that `text` is in begins; `first` is where a row before it does, or it.
[[nodiscard]] inline const char* row_around(const char* first, const char* text) noexcept { return behind_mark_before<0>(first, text); }

// `next_mark` gives the marks from `text` on, one after another; the caller knows that a closing one comes.
template <class NextMark>
[[nodiscard]] inline RowShape shape_of_row(const char* text, NextMark next_mark) noexcept {
  const char* mark = next_mark();
  RowShape shape;
  shape.name_size = static_cast<std::uint32_t>(mark - text);
  while (*mark == kUriMark) {
    const char* next = next_mark();
    if (shape.endpoints++ == 0) shape.uri_size = static_cast<std::uint32_t>(next - mark - 1);
    mark = next;
  }
  // Other marks are a value's own bytes.
  while (*mark != kEndMark) mark = next_mark();
  shape.size = static_cast<std::uint32_t>(mark + 1 - text);
  return shape;
}

[[nodiscard]] inline RowShape shape_of_row(const char* text) noexcept {
  return shape_of_row(text, [from = text]() mutable {
    const char* mark = next_mark(from);
    from = mark + 1;
    return mark;
  });
}

// The largest name and uri fit a slot; a row that breaks this is no row of the format. Null, or what is wrong with it.
[[nodiscard]] const char* problem_of(const RowShape& shape) noexcept;

// The offsets of labels and sets, which lie in `bytes`. Throws Error kCorrupt when they are not as many as the format says.
void fill_tables(const Frame& frame, std::span<std::byte> bytes, const std::string& object, std::uint64_t offset);

// The rest is made while the frame is in use, a little at a time: a program that looks a few names up has an index of a few. Until a
// slot is filled its name is found by binary search (NamespaceData). Whatever a thread makes of it, another may make at once: both
// write the same, so nobody waits, and a fork leaves nothing half locked. (Where two names have the same slot, against the format, a
// reader may see the text of one and the key of the other.)

// The slots of the next rows of a part, for some microseconds. Nothing to do when all have theirs.
void fill_more_slots(const Frame& frame, const Part& part, PartIndex& index) noexcept;
// The checkpoints of a part, which its columns are read by.
void fill_checkpoints(const Frame& frame, const Part& part, PartIndex& index) noexcept;
// All that is missing in a part, and its rows are checked with it, unless that was done. Throws Error kCorrupt when they or the perfect
// hash are not what the format says.
void finish_index(const Frame& frame, const Part& part, PartIndex& index, const std::string& object, std::uint64_t offset);
// The same of all parts.
void finish_index(const Frame& frame, const std::string& object, std::uint64_t offset);

}  // namespace almanac::internal
