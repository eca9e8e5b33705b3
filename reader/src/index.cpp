#include "index.h"

#include <algorithm>
#include <array>
#include <string>

#include "frame.h"
#include "name_hash.h"
#include "perfect_hash.h"

namespace almanac::internal {

namespace {

constexpr std::uint32_t kMaxEndpoints = 65'535;
// More than a processor fetches slots for at once; 128 were measured to be a little faster than 32 among a million.
constexpr std::uint32_t kRowsInFlight = 128;
// Bytes. A processor's own prefetching stops at each 4 KiB; this saves a sixth of the time for a million rows.
constexpr std::size_t kTextAhead = 1024;

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
    std::ranges::fill(slots_, Slot());
    fill_labels();
    fill_sets(frame_.tag_sets, 1, "tag");
    fill_sets(frame_.attribute_sets, 2, "attribute");
    for (const Part& part : frame_.parts) fill_part(part);
  }

 private:
  [[noreturn]] void corrupt(std::string_view problem) const { refuse_frame(object_, offset_, problem); }

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
      if (at == end) corrupt(std::string("there are fewer ").append(what).append(" sets than it says"));
      ++at;
    }
    if (at != end) corrupt(std::string("there are more ").append(what).append(" sets than it says"));
  }

  struct Row {
    std::uint64_t hash;
    std::uint32_t text;
    std::uint32_t slot;
    RowKey key;
  };

  // Reads one row after another of a part.
  class RowReader {
   public:
    RowReader(const IndexFiller& filler, const Part& part)
        : filler_(filler),
          text_(filler.frame_.text.data()),
          descriptions_(filler.frame_.descriptions.data()),
          pilots_(filler.frame_.pilots.data() + part.pilot),
          pilot_count_(part.pilots),
          text_end_(part.text + part.text_size),
          description_end_(part.description + part.description_size),
          at_{part.text, part.description, part.endpoint, part.row},
          marks_(text_ + part.text),
          description_marks_(descriptions_ + part.description),
          hash_(part.seed) {}

    [[nodiscard]] const RowPosition& position() const noexcept { return at_; }

    void read(Row& row) {
      if (at_.text >= text_end_ || at_.description >= description_end_) filler_.corrupt("there are fewer rows than it says");
      const char* text = text_ + at_.text;
      __builtin_prefetch(text + kTextAhead);
      const RowShape shape = shape_of_row(text, [this] { return marks_.next(); });
      if (shape.name_size - 1 >= kMaxNameSize) filler_.corrupt("a name is empty or longer than 1,024 bytes");
      if (shape.uri_size > kMaxUriSize || (shape.endpoints != 0 && shape.uri_size == 0))
        filler_.corrupt("a uri is empty or longer than 8,192 bytes");
      if (shape.endpoints > kMaxEndpoints) filler_.corrupt("a service has more than 65,535 endpoints");
      row.hash = hash_({text, shape.name_size});
      __builtin_prefetch(pilots_ + bucket_of(row.hash, pilot_count_));
      row.text = at_.text;
      row.key = RowKey(row.hash, shape.name_size, shape.uri_size);
      at_.text += shape.size;
      at_.endpoint += shape.endpoints;
      ++at_.row;
      at_.description = static_cast<std::uint32_t>(description_marks_.next() + 1 - descriptions_);
    }

   private:
    const IndexFiller& filler_;
    const char* text_;
    const char* descriptions_;
    const std::uint16_t* pilots_;
    std::uint32_t pilot_count_;
    std::uint32_t text_end_;
    std::uint32_t description_end_;
    RowPosition at_;
    Marks<kValueMark> marks_;
    Marks<kEndMark> description_marks_;
    NameHash hash_;
  };

  // Writes the checkpoint of each block of a part's text: the first row that begins in it or behind it.
  class BlockMarker {
   public:
    BlockMarker(std::span<format::Checkpoint> blocks, std::uint32_t text) : blocks_(blocks), text_(text) {}
    void row_begins(const RowPosition& at) noexcept {
      // Most rows are shorter than a block, and whether one is the first in its own is a coin's toss: each is written without asking.
      write_next(at);
      while (at.text >= text_ && next_ != blocks_.size()) write_next(at);
    }

   private:
    void write_next(const RowPosition& at) noexcept {
      if (next_ == blocks_.size()) return;
      blocks_[next_] = format::Checkpoint(at.text, at.description, at.endpoint, at.row);
      const auto stays = static_cast<std::uint32_t>(at.text >= text_);
      next_ += stays;
      text_ += stays * kTextPerCheckpoint;
    }

    std::span<format::Checkpoint> blocks_;
    std::size_t next_ = 0;  // the first block that has no row yet
    std::uint32_t text_;    // where it begins
  };

  // Separate passes keep many memory accesses under way at once.
  void place_rows(std::span<Row> rows, const Part& part) const {
    const std::uint16_t* pilots = frame_.pilots.data() + part.pilot;
    Slot* slots = slots_.data() + part.slot;
    for (Row& row : rows) {
      row.slot = static_cast<std::uint32_t>(slot_of(row.hash, pilots[bucket_of(row.hash, part.pilots)], part.slots));
      __builtin_prefetch(slots + row.slot, 1);
    }
    for (const Row& row : rows) {
      Slot& slot = slots[row.slot];
      if (!slot.key.empty()) corrupt("two names have the same slot");
      slot = {row.text, row.key};
    }
  }

  void fill_part(const Part& part) const {
    RowReader reader(*this, part);
    BlockMarker blocks(checkpoints_.subspan(part.checkpoint, part.checkpoints()), part.text);
    std::array<Row, kRowsInFlight> rows;
    for (std::uint32_t left = part.rows; left != 0;) {
      const std::span batch = std::span(rows).first(std::min(kRowsInFlight, left));
      for (Row& row : batch) {
        blocks.row_begins(reader.position());
        reader.read(row);
      }
      place_rows(batch, part);
      left -= static_cast<std::uint32_t>(batch.size());
    }
    const RowPosition& end = reader.position();
    blocks.row_begins(end);  // for blocks in which and behind which none does
    if (end.text != part.text + part.text_size || end.description != part.description + part.description_size ||
        end.endpoint != part.endpoint + part.endpoints) {
      corrupt("there are more rows or endpoints than it says");
    }
  }

  const Frame& frame_;
  std::span<std::byte> bytes_;
  const std::string& object_;
  std::uint64_t offset_;
  std::span<Slot> slots_;
  std::span<format::Checkpoint> checkpoints_;
};

}  // namespace

void fill_index(const Frame& frame, std::span<std::byte> bytes, const std::string& object, std::uint64_t offset) {
  IndexFiller(frame, bytes, object, offset).fill();
}

}  // namespace almanac::internal
