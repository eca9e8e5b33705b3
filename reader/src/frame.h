// A frame in memory: verified, inflated, and from then on only read, but for its index, which is made as it is needed (index.h).
// schema/FORMAT.md, "Frame". Many NamespaceData may look into one Frame.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "byte_source.h"
#include "cache.h"
#include "frame_generated.h"
#include "manifest.h"
#include "mapping.h"
#include "slot.h"

namespace almanac::internal {

inline constexpr std::uint32_t kTextPerCheckpoint = 128;  // bytes

[[nodiscard]] constexpr std::uint32_t checkpoints_of_text(std::uint32_t size) noexcept {
  return size / kTextPerCheckpoint + static_cast<std::uint32_t>(size % kTextPerCheckpoint != 0);
}

// Numbers split into byte planes; a plane that is all zero is not there.
class ColumnView {
 public:
  ColumnView() = default;
  // Null, or planes of other lengths than `rows`: every row is 0, and ok() tells.
  ColumnView(const format::Column* column, std::uint32_t rows) noexcept;
  [[nodiscard]] bool ok() const noexcept { return ok_; }
  // 0 past the end.
  [[nodiscard]] std::uint32_t operator[](std::uint32_t row) const noexcept;

 private:
  std::array<const std::uint8_t*, 4> planes_{};
  std::uint32_t rows_ = 0;
  bool ok_ = true;
};

// Texts or sets of texts, numbered.
struct TextTable {
  std::string_view text;
  std::span<const std::uint32_t> offsets;
  // Empty past the end.
  [[nodiscard]] std::string_view operator[](std::uint32_t number) const noexcept;
};

// One namespace's share of the frame: where it begins in each vector, and how much of it is its own.
struct Part {
  std::uint64_t seed = 0;  // of its perfect hash
  std::uint32_t row = 0, rows = 0;
  std::uint32_t endpoint = 0, endpoints = 0;
  std::uint32_t text = 0, text_size = 0;
  std::uint32_t description = 0, description_size = 0;
  std::uint32_t pilot = 0, pilots = 0;
  std::uint32_t slot = 0, slots = 0;
  std::uint32_t checkpoint = 0;

  [[nodiscard]] std::uint32_t checkpoints() const noexcept { return checkpoints_of_text(text_size); }
};

// Where a row begins, in the frame.
struct RowPosition {
  std::uint32_t text = 0;
  std::uint32_t description = 0;
  std::uint32_t endpoint = 0;
  std::uint32_t row = 0;
  bool operator==(const RowPosition&) const = default;
};

// The checkpoint of a block of text, in the frame: see index.h. Threads: it is only read once PartIndex::has_checkpoints was acquired.
class SharedCheckpoint {
 public:
  [[nodiscard]] RowPosition load() const noexcept {
    constexpr auto kRelaxed = std::memory_order_relaxed;
    return {text_.load(kRelaxed), description_.load(kRelaxed), endpoint_.load(kRelaxed), row_.load(kRelaxed)};
  }
  void store(const RowPosition& at) noexcept {
    constexpr auto kRelaxed = std::memory_order_relaxed;
    text_.store(at.text, kRelaxed);
    description_.store(at.description, kRelaxed);
    endpoint_.store(at.endpoint, kRelaxed);
    row_.store(at.row, kRelaxed);
  }

 private:
  std::atomic<std::uint32_t> text_, description_, endpoint_, row_;
};

// How far the index of a part has come.
struct PartIndex {
  std::atomic<std::uint32_t> slots_to = 0;  // in the frame's text: the rows before that have their slots
  std::atomic<bool> has_checkpoints = false;
  std::atomic<bool> is_checked = false;  // and has all of it
};

class Frame {
 public:
  // Reads, checks and inflates one frame.
  // Throws Error: kTruncated, kInputOutput, kCorrupt, kLimitExceeded; the offset is that of the frame.
  [[nodiscard]] static std::unique_ptr<const Frame> load(const ByteSource& source, const ManifestFrame& entry, std::uint64_t max_size);
  // The same frame as a process has kept it there; null when there is none, or it is not what it should be.
  // Throws Error kLimitExceeded.
  [[nodiscard]] static std::unique_ptr<const Frame> find(const CacheDirectory& cache, const ManifestFrame& entry, std::uint64_t max_size,
                                                         const std::string& object);

  [[nodiscard]] Bytes bytes() const noexcept { return bytes_; }
  [[nodiscard]] const format::Frame& root() const noexcept { return *root_; }

  // A version or a zone; empty past the end.
  [[nodiscard]] std::string_view label(std::uint32_t number) const noexcept {
    const std::string_view closed = labels[number];
    return closed.substr(0, closed.size() - static_cast<std::size_t>(!closed.empty()));
  }

  std::vector<Part> parts;
  std::string_view text;
  std::string_view descriptions;
  std::span<const std::uint16_t> pilots;
  // Filled while the frame is in use; read-only memory where they came from the cache, all filled.
  std::span<SharedSlot> slots;
  std::span<SharedCheckpoint> checkpoints;
  std::unique_ptr<PartIndex[]> indexes;  // of each part
  TextTable labels;
  TextTable tag_sets;
  TextTable attribute_sets;
  ColumnView tags;
  ColumnView attributes;
  ColumnView endpoint_version;
  ColumnView endpoint_zone;
  ColumnView endpoint_weight;
  ColumnView endpoint_tags;
  ColumnView endpoint_attributes;

 private:
  Frame() = default;
  void attach(Mapping mapping, std::uint64_t size, const std::string& object, std::uint64_t offset);
  void take_parts(const std::string& object, std::uint64_t offset);
  void take_columns(const std::string& object, std::uint64_t offset);
  void begin_index(bool is_filled);

  Mapping mapping_;
  Bytes bytes_;
  const format::Frame* root_ = nullptr;
};

// Throws Error kLimitExceeded for a frame that inflates to more than `max_size` bytes, or than any frame may.
void check_limit(const ManifestFrame& entry, std::uint64_t max_size, const std::string& object);

// Throws Error kCorrupt for the frame there.
[[noreturn]] void refuse_frame(const std::string& object, std::uint64_t offset, std::string_view problem);

// Stored bytes of a frame, their digest checked. `buffer` owns them where the source cannot show them.
[[nodiscard]] Bytes read_stored(const ByteSource& source, const ManifestFrame& entry, Mapping& buffer);

}  // namespace almanac::internal
