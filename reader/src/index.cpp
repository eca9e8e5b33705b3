#include "index.h"

#include <almanac/error.h>

#include <algorithm>
#include <array>

#include "frame.h"
#include "name_hash.h"
#include "perfect_hash.h"

namespace almanac::internal {

namespace {

constexpr std::uint32_t kMaxEndpoints = 65'535;
// More than a processor fetches slots for at once; 128 were measured to be a little faster than 32 among a million.
constexpr std::uint32_t kRowsInFlight = 4 * kRowsPerCheckpoint;

class IndexFiller {
 public:
  IndexFiller(const Frame& frame, std::span<std::byte> bytes, const std::string& object, std::uint64_t offset)
      : frame_(frame),
        bytes_(bytes),
        object_(object),
        offset_(offset),
        slot_texts_(writable(frame.slot_texts)),
        slot_rows_(writable(frame.slot_rows)),
        checkpoints_(writable(frame.checkpoints)) {}

  void fill() {
    // The file has zeros there; a slot that is not empty would pass for a service.
    std::ranges::fill(slot_texts_, SlotText());
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
    std::uint32_t text;
    std::uint32_t endpoint;
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
          at_{part.text, part.description, part.endpoint},
          marks_(text_ + part.text),
          description_marks_(descriptions_ + part.description),
          hash_(part.seed) {}

    [[nodiscard]] const RowPosition& position() const noexcept { return at_; }

    void read(Row& row) {
      if (at_.text >= text_end_ || at_.description >= description_end_) filler_.corrupt("there are fewer rows than it says");
      const char* text = text_ + at_.text;
      const RowShape shape = shape_of_row(text, [this] { return marks_.next(); });
      if (shape.name_size - 1 >= kMaxNameSize) filler_.corrupt("a name is empty or longer than 1,024 bytes");
      if (shape.uri_size > kMaxUriSize || (shape.endpoints != 0 && shape.uri_size == 0))
        filler_.corrupt("a uri is empty or longer than 8,192 bytes");
      if (shape.endpoints > kMaxEndpoints) filler_.corrupt("a service has more than 65,535 endpoints");
      row.hash = hash_({text, shape.name_size});
      __builtin_prefetch(pilots_ + bucket_of(row.hash, pilot_count_));
      row.text = at_.text;
      row.endpoint = at_.endpoint;
      row.key = RowKey(row.hash, shape.name_size, shape.uri_size);
      at_.text += shape.size;
      at_.endpoint += shape.endpoints;
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

  // Separate passes keep many memory accesses under way at once.
  void place_rows(std::span<Row> rows, std::uint32_t first, const Part& part) const {
    const std::uint16_t* pilots = frame_.pilots.data() + part.pilot;
    SlotText* texts = slot_texts_.data() + part.slot;
    SlotRow* slot_rows = slot_rows_.data() + part.slot;
    for (Row& row : rows) {
      row.slot = slot_of(row.hash, pilots[bucket_of(row.hash, part.pilots)], part.slots);
      __builtin_prefetch(texts + row.slot, 1);
      __builtin_prefetch(slot_rows + row.slot, 1);
    }
    for (const Row& row : rows) {
      if (!texts[row.slot].key.empty()) corrupt("two names have the same slot");
      texts[row.slot] = {row.text, row.key};
      slot_rows[row.slot] = {first++, row.endpoint};
    }
  }

  void fill_part(const Part& part) const {
    RowReader reader(*this, part);
    std::array<Row, kRowsInFlight> rows;
    for (std::uint32_t first = 0; first < part.rows; first += kRowsInFlight) {
      const std::span batch = std::span(rows).first(std::min(kRowsInFlight, part.rows - first));
      for (std::uint32_t i = 0; i < batch.size(); ++i) {
        if (i % kRowsPerCheckpoint == 0) {
          const RowPosition& at = reader.position();
          checkpoints_[part.checkpoint + (first + i) / kRowsPerCheckpoint] = format::Checkpoint(at.text, at.description, at.endpoint);
        }
        reader.read(batch[i]);
      }
      place_rows(batch, part.row + first, part);
    }
    const RowPosition& end = reader.position();
    if (end.text != part.text + part.text_size || end.description != part.description + part.description_size ||
        end.endpoint != part.endpoint + part.endpoints) {
      corrupt("there are more rows or endpoints than it says");
    }
  }

  const Frame& frame_;
  std::span<std::byte> bytes_;
  const std::string& object_;
  std::uint64_t offset_;
  std::span<SlotText> slot_texts_;
  std::span<SlotRow> slot_rows_;
  std::span<format::Checkpoint> checkpoints_;
};

}  // namespace

void fill_index(const Frame& frame, std::span<std::byte> bytes, const std::string& object, std::uint64_t offset) {
  IndexFiller(frame, bytes, object, offset).fill();
}

}  // namespace almanac::internal
