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
// Bytes of text whose rows fill_more_slots() takes: as many as are filled already, so that few lookups do it, but not too many for one
// lookup.
constexpr std::uint32_t kLeastText = 16U << 10U;
constexpr std::uint32_t kMostText = 64U << 10U;

std::uint32_t end_of_text(const Part& part) noexcept { return part.text + part.text_size; }

// The rows of a part, one after another. A part's text ends in a mark, so no row goes beyond it.
class RowWalk {
 public:
  // `text`: where a row begins.
  RowWalk(const Frame& frame, const Part& part, std::uint32_t text)
      : text_(frame.text.data()), at_(text), end_(end_of_text(part)), marks_(text_ + text) {}

  [[nodiscard]] bool at_end() const noexcept { return at_ >= end_; }
  [[nodiscard]] std::uint32_t text() const noexcept { return at_; }
  // Not at the end.
  [[nodiscard]] RowShape take() noexcept {
    const char* text = text_ + at_;
    __builtin_prefetch(text + kTextAhead);
    const RowShape shape = shape_of_row(text, [this] { return marks_.next(); });
    at_ += shape.size;
    return shape;
  }

 private:
  const char* text_;
  std::uint32_t at_;
  std::uint32_t end_;
  Marks<kValueMark> marks_;
};

// Gives rows their slots, some at a time: separate passes keep many memory accesses under way at once.
class SlotFiller {
 public:
  SlotFiller(const Frame& frame, const Part& part)
      : text_(frame.text.data()),
        pilots_(frame.pilots.data() + part.pilot),
        pilot_count_(part.pilots),
        slots_(frame.slots.data() + part.slot),
        slot_count_(part.slots),
        hash_(part.seed) {}

  // A row without a problem.
  void add(std::uint32_t text, const RowShape& shape) noexcept {
    if (count_ == rows_.size()) place();
    Row& row = rows_[count_++];
    row.hash = hash_({text_ + text, shape.name_size});
    __builtin_prefetch(pilots_ + bucket_of(row.hash, pilot_count_));
    row.slot = {text, RowKey(row.hash, shape.name_size, shape.uri_size)};
  }
  void place() noexcept {
    const std::span rows = std::span(rows_).first(count_);
    for (Row& row : rows) {
      row.number = slot_of(row.hash, pilots_[bucket_of(row.hash, pilot_count_)], slot_count_);
      __builtin_prefetch(slots_ + row.number, 1);
    }
    for (const Row& row : rows) {
      SharedSlot& slot = slots_[row.number];
      if (slot.load() != row.slot) slot.store(row.slot);  // else another thread has
    }
    count_ = 0;
  }

 private:
  struct Row {
    std::uint64_t hash;
    std::uint64_t number;  // of its slot
    Slot slot;
  };

  const char* text_;
  const std::uint16_t* pilots_;
  std::uint32_t pilot_count_;
  SharedSlot* slots_;
  std::uint32_t slot_count_;
  NameHash hash_;
  std::array<Row, kRowsInFlight> rows_;
  std::size_t count_ = 0;
};

// Writes the checkpoint of each block of a part's text: the first row that begins in it or behind it.
class BlockMarker {
 public:
  BlockMarker(const Frame& frame, const Part& part)
      : blocks_(frame.checkpoints.subspan(part.checkpoint, part.checkpoints())), text_(part.text) {}
  void row_begins(const RowPosition& at) noexcept {
    for (; at.text >= text_ && next_ != blocks_.size(); text_ += kTextPerCheckpoint) {
      SharedCheckpoint& block = blocks_[next_++];
      if (block.load() != at) block.store(at);  // else another thread has
    }
  }

 private:
  std::span<SharedCheckpoint> blocks_;
  std::size_t next_ = 0;  // the first block that has no row yet
  std::uint32_t text_;    // where it begins
};

// Where the rows of a part end, and what is wrong with the first one that has a problem, or null.
struct WalkedRows {
  RowPosition end;
  const char* problem = nullptr;
};

// Makes the checkpoints of a part, until there are no more rows or descriptions.
WalkedRows mark_blocks(const Frame& frame, const Part& part, PartIndex& index) noexcept {
  const char* const descriptions = frame.descriptions.data();
  const std::uint32_t description_end = part.description + part.description_size;
  Marks<kEndMark> description_marks(descriptions + part.description);
  RowWalk rows(frame, part, part.text);
  BlockMarker blocks(frame, part);
  WalkedRows walked{{part.text, part.description, part.endpoint, part.row}};
  RowPosition& at = walked.end;
  while (!rows.at_end() && at.description < description_end) {
    blocks.row_begins(at);
    const RowShape shape = rows.take();
    if (walked.problem == nullptr) walked.problem = problem_of(shape);
    at.text = rows.text();
    at.description = static_cast<std::uint32_t>(description_marks.next() + 1 - descriptions);
    at.endpoint += shape.endpoints;
    ++at.row;
  }
  // For blocks in which and behind which none begins; a part of wrong rows may have fewer descriptions.
  blocks.row_begins({end_of_text(part), at.description, at.endpoint, at.row});
  index.has_checkpoints.store(true, std::memory_order_release);
  return walked;
}

// Fills a frame's tables, or the index of a part, and checks what it reads.
class IndexFiller {
 public:
  IndexFiller(const Frame& frame, const std::string& object, std::uint64_t offset) : frame_(frame), object_(object), offset_(offset) {}

  // `bytes` are the frame's.
  void fill_tables(std::span<std::byte> bytes) const {
    fill_labels(bytes);
    fill_sets(frame_.tag_sets, bytes, 1, "tag");
    fill_sets(frame_.attribute_sets, bytes, 2, "attribute");
  }

  void fill_part(const Part& part, PartIndex& index) const {
    const auto [end, problem] = mark_blocks(frame_, part, index);
    if (problem != nullptr) corrupt(problem);
    if (end.row < part.row + part.rows) corrupt("there are fewer rows than it says");
    if (end.row != part.row + part.rows || end.text != end_of_text(part) || end.description != part.description + part.description_size ||
        end.endpoint != part.endpoint + part.endpoints) {
      corrupt("there are more rows or endpoints than it says");
    }
    while (index.slots_to.load(std::memory_order_acquire) != end_of_text(part)) fill_more_slots(frame_, part, index);
    // Whichever thread filled them: where two names share one, there are fewer than rows.
    const auto of_part = frame_.slots.subspan(part.slot, part.slots);
    if (std::ranges::count_if(of_part, [](const SharedSlot& slot) { return !slot.load().key.empty(); }) != part.rows)
      corrupt("two names have the same slot");
    index.is_checked.store(true, std::memory_order_release);
  }

 private:
  [[noreturn]] void corrupt(std::string_view problem) const { refuse_frame(object_, offset_, problem); }

  // The same elements, for writing.
  static std::span<std::uint32_t> writable(std::span<const std::uint32_t> elements, std::span<std::byte> bytes) noexcept {
    if (elements.empty()) return {};
    const auto at = static_cast<std::size_t>(reinterpret_cast<const std::byte*>(elements.data()) - bytes.data());
    return {reinterpret_cast<std::uint32_t*>(bytes.data() + at), elements.size()};
  }

  void fill_labels(std::span<std::byte> bytes) const {
    const char* const begin = frame_.labels.text.data();
    const char* const end = begin + frame_.labels.text.size();
    const char* at = begin;
    for (std::uint32_t& offset : writable(frame_.labels.offsets, bytes)) {
      if (at == end) corrupt("there are fewer labels than it says");
      offset = static_cast<std::uint32_t>(at - begin);
      at = end_mark(at) + 1;
    }
    if (at != end) corrupt("there are more labels than it says");
  }

  // A set is groups of `texts_a_group` texts, each closed by a mark, and a mark that closes the set.
  void fill_sets(const TextTable& table, std::span<std::byte> bytes, int texts_a_group, const char* what) const {
    const char* const begin = table.text.data();
    const char* const end = begin + table.text.size();
    const char* at = begin;
    for (std::uint32_t& offset : writable(table.offsets, bytes)) {
      offset = static_cast<std::uint32_t>(at - begin);
      while (at != end && *at != kEndMark) {
        for (int i = 0; i < texts_a_group && at != end; ++i) at = end_mark(at) + 1;
      }
      if (at == end) corrupt(std::string("there are fewer ").append(what).append(" sets than it says"));
      ++at;
    }
    if (at != end) corrupt(std::string("there are more ").append(what).append(" sets than it says"));
  }

  const Frame& frame_;
  const std::string& object_;
  std::uint64_t offset_;
};

}  // namespace

const char* problem_of(const RowShape& shape) noexcept {
  if (shape.name_size - 1 >= kMaxNameSize) return "a name is empty or longer than 1,024 bytes";
  if (shape.uri_size > kMaxUriSize || (shape.endpoints != 0 && shape.uri_size == 0)) return "a uri is empty or longer than 8,192 bytes";
  if (shape.endpoints > kMaxEndpoints) return "a service has more than 65,535 endpoints";
  return nullptr;
}

void fill_tables(const Frame& frame, std::span<std::byte> bytes, const std::string& object, std::uint64_t offset) {
  IndexFiller(frame, object, offset).fill_tables(bytes);
}

void fill_more_slots(const Frame& frame, const Part& part, PartIndex& index) noexcept {
  std::uint32_t begin = index.slots_to.load(std::memory_order_relaxed);
  const std::uint32_t enough = begin + std::clamp(begin - part.text, kLeastText, kMostText);
  RowWalk rows(frame, part, begin);
  SlotFiller slots(frame, part);
  while (!rows.at_end() && rows.text() < enough) {
    const std::uint32_t text = rows.text();
    const RowShape shape = rows.take();
    if (problem_of(shape) == nullptr) slots.add(text, shape);
  }
  slots.place();
  // Another thread may have come further meanwhile. Whoever sees this sees what the threads before it have filled, too.
  index.slots_to.compare_exchange_strong(begin, rows.text(), std::memory_order_release, std::memory_order_relaxed);
}

void fill_checkpoints(const Frame& frame, const Part& part, PartIndex& index) noexcept { (void)mark_blocks(frame, part, index); }

void finish_index(const Frame& frame, const Part& part, PartIndex& index, const std::string& object, std::uint64_t offset) {
  if (!index.is_checked.load(std::memory_order_acquire)) IndexFiller(frame, object, offset).fill_part(part, index);
}

void finish_index(const Frame& frame, const std::string& object, std::uint64_t offset) {
  for (std::size_t i = 0; i < frame.parts.size(); ++i) finish_index(frame, frame.parts[i], frame.indexes[i], object, offset);
}

}  // namespace almanac::internal
