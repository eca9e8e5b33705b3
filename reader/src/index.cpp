#include "index.h"

#include <almanac/error.h>

#include <algorithm>
#include <array>

#include "frame.h"
#include "perfect_hash.h"

namespace almanac::internal {

namespace {

constexpr std::uint32_t kMaxNameSize = 1024;
constexpr std::uint32_t kMaxUriSize = 8192;
constexpr std::uint32_t kMaxEndpoints = 65'535;

class IndexFiller {
 public:
  IndexFiller(const Frame& frame, std::span<std::byte> bytes, const std::string& object, std::uint64_t offset)
      : frame_(frame),
        bytes_(bytes),
        object_(object),
        offset_(offset),
        slots_(writable(frame.slots)),
        checkpoints_(writable(frame.checkpoints)) {}

  void fill() {
    // The file has zeros there; a slot that is not empty would pass for a service.
    std::ranges::fill(std::as_writable_bytes(slots_), std::byte{0});
    fill_labels();
    fill_sets(frame_.tag_sets, 1, "tag");
    fill_sets(frame_.attribute_sets, 2, "attribute");
    for (const Part& part : frame_.parts) fill_part(part);
  }

 private:
  [[noreturn]] void corrupt(const std::string& problem) const { throw Error(ErrorCode::kCorrupt, object_, "frame: " + problem, offset_); }

  // The same elements, for writing: they lie in bytes_.
  template <class T>
  std::span<T> writable(std::span<const T> elements) const noexcept {
    if (elements.empty()) return {};
    const auto at = static_cast<std::size_t>(reinterpret_cast<const std::byte*>(elements.data()) - bytes_.data());
    return {reinterpret_cast<T*>(bytes_.data() + at), elements.size()};
  }

  void fill_labels() const {
    const char* const begin = frame_.labels.text.data();
    const char* const end = begin + frame_.labels.text.size();
    const char* at = begin;
    for (std::uint32_t& offset : writable(frame_.labels.offsets)) {
      if (at == end) corrupt("there are fewer labels than it says");
      offset = static_cast<std::uint32_t>(at - begin);
      at = end_mark(at) + 1;
    }
    if (at != end) corrupt("there are more labels than it says");
  }

  // A set is groups of `texts_a_group` texts, each closed by a mark, and a mark that closes the set.
  void fill_sets(const TextTable& table, int texts_a_group, const char* what) const {
    const char* const begin = table.text.data();
    const char* const end = begin + table.text.size();
    const char* at = begin;
    for (std::uint32_t& offset : writable(table.offsets)) {
      offset = static_cast<std::uint32_t>(at - begin);
      while (at != end && *at != kEndMark) {
        for (int i = 0; i < texts_a_group && at != end; ++i) at = end_mark(at) + 1;
      }
      if (at == end) corrupt(std::string("there are fewer ") + what + " sets than it says");
      ++at;
    }
    if (at != end) corrupt(std::string("there are more ") + what + " sets than it says");
  }

  struct Row {
    std::uint64_t hash;
    RowShape shape;
    std::uint32_t text;
    std::uint32_t endpoint;
    std::uint32_t slot;
  };

  // Reads up to a checkpoint's worth of rows from `position` on, and moves it behind them.
  void read_rows(std::span<Row> rows, RowPosition& position, const Part& part) const {
    const std::uint16_t* pilots = frame_.pilots.data() + part.pilot;
    const std::uint32_t text_end = part.text + part.text_size;
    const std::uint32_t description_end = part.description + part.description_size;
    for (Row& row : rows) {
      if (position.text >= text_end || position.description >= description_end) corrupt("there are fewer rows than it says");
      const char* text = frame_.text.data() + position.text;
      row.shape = shape_of_row(text);
      if (row.shape.name_size - 1 >= kMaxNameSize) corrupt("a name is empty or longer than 1,024 bytes");
      if (row.shape.uri_size > kMaxUriSize || (row.shape.endpoints != 0 && row.shape.uri_size == 0))
        corrupt("a uri is empty or longer than 8,192 bytes");
      if (row.shape.endpoints > kMaxEndpoints) corrupt("a service has more than 65,535 endpoints");
      row.text = position.text;
      row.endpoint = position.endpoint;
      row.hash = hash_name({text, row.shape.name_size}, part.seed);
      __builtin_prefetch(pilots + bucket_of(row.hash, part.pilots));
      position.text += row.shape.size;
      position.endpoint += row.shape.endpoints;
      const char* description = frame_.descriptions.data() + position.description;
      position.description += static_cast<std::uint32_t>(end_mark(description) + 1 - description);
    }
  }

  // The three passes keep many memory accesses under way at once.
  void place_rows(std::span<Row> rows, std::uint32_t first, const Part& part) const {
    const std::uint16_t* pilots = frame_.pilots.data() + part.pilot;
    format::Slot* slots = slots_.data() + part.slot;
    for (Row& row : rows) {
      row.slot = slot_of(row.hash, pilots[bucket_of(row.hash, part.pilots)], part.slots);
      __builtin_prefetch(slots + row.slot, 1);
    }
    for (const Row& row : rows) {
      if (slots[row.slot].name_size() != 0) corrupt("two names have the same slot");
      slots[row.slot] = format::Slot(row.text, first++, row.endpoint, static_cast<std::uint16_t>(row.shape.name_size),
                                     static_cast<std::uint16_t>(row.shape.uri_size));
    }
  }

  void fill_part(const Part& part) const {
    RowPosition position{part.text, part.description, part.endpoint};
    std::array<Row, kRowsPerCheckpoint> rows;
    for (std::uint32_t row = 0; row < part.rows; row += kRowsPerCheckpoint) {
      checkpoints_[part.checkpoint + row / kRowsPerCheckpoint] = format::Checkpoint(position.text, position.description, position.endpoint);
      const std::span batch = std::span(rows).first(std::min(kRowsPerCheckpoint, part.rows - row));
      read_rows(batch, position, part);
      place_rows(batch, part.row + row, part);
    }
    if (position.text != part.text + part.text_size || position.description != part.description + part.description_size ||
        position.endpoint != part.endpoint + part.endpoints) {
      corrupt("there are more rows or endpoints than it says");
    }
  }

  const Frame& frame_;
  std::span<std::byte> bytes_;
  const std::string& object_;
  std::uint64_t offset_;
  std::span<format::Slot> slots_;
  std::span<format::Checkpoint> checkpoints_;
};

}  // namespace

void fill_index(const Frame& frame, std::span<std::byte> bytes, const std::string& object, std::uint64_t offset) {
  IndexFiller(frame, bytes, object, offset).fill();
}

}  // namespace almanac::internal
