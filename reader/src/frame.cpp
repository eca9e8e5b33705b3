#include "frame.h"

#include <almanac/error.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "flatbuffer.h"
#include "frame_pieces.h"
#include "index.h"
#include "inflate.h"

namespace almanac::internal {

namespace {

constexpr std::size_t kMaxParts = 1'000'000;

// How much of a vector the parts so far have.
struct Totals {
  std::uint64_t rows = 0, endpoints = 0, text = 0, descriptions = 0, pilots = 0, slots = 0, checkpoints = 0;
  bool operator==(const Totals&) const = default;
};

bool fits(const Totals& totals) noexcept {
  return std::ranges::max({totals.rows, totals.endpoints, totals.text, totals.descriptions, totals.pilots, totals.slots,
                           totals.checkpoints}) <= UINT32_MAX;
}

// `totals` fit.
Part part_behind(const Totals& totals, const format::Part& stored) noexcept {
  const auto at = [](std::uint64_t total) { return static_cast<std::uint32_t>(total); };
  Part part;
  part.seed = stored.seed();
  part.row = at(totals.rows);
  part.rows = stored.rows();
  part.endpoint = at(totals.endpoints);
  part.endpoints = stored.endpoints();
  part.text = at(totals.text);
  part.text_size = stored.text_size();
  part.description = at(totals.descriptions);
  part.description_size = stored.description_size();
  part.pilot = at(totals.pilots);
  part.pilots = stored.pilots();
  part.slot = at(totals.slots);
  part.slots = stored.slots();
  part.checkpoint = at(totals.checkpoints);
  return part;
}

void add(Totals& totals, const Part& part) noexcept {
  totals.rows += part.rows;
  totals.endpoints += part.endpoints;
  totals.text += part.text_size;
  totals.descriptions += part.description_size;
  totals.pilots += part.pilots;
  totals.slots += part.slots;
  totals.checkpoints += part.checkpoints();
}

// Scans run to the next mark: a text that ends in one keeps them inside.
bool ends_in_mark(std::string_view text) noexcept { return text.empty() || text.back() == '\0'; }

// The working space of the file, for the index: it lies in memory that is this process's own, or has its index already.
template <class Shared, class Stored>
std::span<Shared> working_space(const flatbuffers::Vector<const Stored*>* vector) noexcept {
  // Atomic numbers in the place of numbers, which every processor has alike.
  static_assert(sizeof(Shared) == sizeof(Stored) && alignof(Shared) <= alignof(Stored));
  const std::span<const Stored> stored = span_of(vector);
  return {const_cast<Shared*>(reinterpret_cast<const Shared*>(stored.data())), stored.size()};
}

// With room behind it for scans.
Mapping inflated(const ByteSource& source, const ManifestFrame& entry) {
  Mapping buffer;
  const Bytes stored = read_stored(source, entry, buffer);
  check_inflated_size(stored, entry.size, source.name(), entry.offset);
  Mapping memory = Mapping::on_huge_pages(static_cast<std::size_t>(entry.size) + kScanSlack);
  inflate(stored, memory.writable().first(static_cast<std::size_t>(entry.size)), source.name(), entry.offset, buffer ? &buffer : nullptr);
  return memory;
}

}  // namespace

ColumnView::ColumnView(const format::Column* column, std::uint32_t rows) noexcept : rows_(rows) {
  if (column == nullptr) return;
  const std::array<const flatbuffers::Vector<std::uint8_t>*, 4> planes = {column->p0(), column->p1(), column->p2(), column->p3()};
  for (std::size_t i = 0; i < planes.size(); ++i) {
    if (planes[i] == nullptr) continue;
    ok_ = ok_ && planes[i]->size() == rows;
    planes_[i] = planes[i]->data();
  }
  if (!ok_) planes_ = {};
}

std::uint32_t ColumnView::operator[](std::uint32_t row) const noexcept {
  if (row >= rows_) return 0;
  std::uint32_t value = 0;
  for (unsigned i = 0; i < planes_.size(); ++i) {
    if (planes_[i] != nullptr) value |= std::uint32_t{planes_[i][row]} << (8 * i);
  }
  return value;
}

std::string_view TextTable::operator[](std::uint32_t number) const noexcept {
  if (number >= offsets.size()) return {};
  const std::size_t begin = offsets[number];
  const std::size_t end = number + 1 < offsets.size() ? offsets[number + 1] : text.size();
  if (begin > end || end > text.size()) return {};
  return text.substr(begin, end - begin);
}

void check_limit(const ManifestFrame& entry, std::uint64_t max_size, const std::string& object) {
  // Whatever the caller would take, a FlatBuffer ends there; and sums with such a size do not wrap.
  const std::uint64_t limit = std::min<std::uint64_t>(max_size, FLATBUFFERS_MAX_BUFFER_SIZE - 1);
  if (entry.size > limit) {
    throw Error(ErrorCode::kLimitExceeded, object,
                "a frame inflates to " + std::to_string(entry.size) + " bytes, and the limit is " + std::to_string(limit), entry.offset);
  }
  // No compressor makes more of so few; and what is stored is read into memory before its digest is known.
  if (entry.stored_size > ZSTD_COMPRESSBOUND(static_cast<std::size_t>(entry.size))) {
    throw Error(ErrorCode::kLimitExceeded, object,
                "a frame of " + std::to_string(entry.size) + " bytes cannot be " + std::to_string(entry.stored_size) + " bytes compressed",
                entry.offset);
  }
}

void refuse_frame(const std::string& object, std::uint64_t offset, std::string_view problem) {
  throw Error(ErrorCode::kCorrupt, object, std::string("frame: ").append(problem), offset);
}

Bytes read_stored(const ByteSource& source, const ManifestFrame& entry, Mapping& buffer) {
  Bytes stored = source.view(entry.offset, entry.stored_size);
  if (stored.size() != entry.stored_size) {
    buffer = Mapping::anonymous(static_cast<std::size_t>(entry.stored_size));
    source.read(entry.offset, buffer.writable());
    stored = buffer.bytes();
  }
  if (digest_of(stored) != entry.digest) {
    throw Error(ErrorCode::kCorrupt, source.name(), "a frame's digest does not hold: the file is damaged", entry.offset);
  }
  return stored;
}

void Frame::take_parts(const std::string& object, std::uint64_t offset) {
  const auto corrupt = [&](const char* problem) { refuse_frame(object, offset, problem); };
  if (!elements_aligned(root_->parts())) corrupt("its parts are not aligned");
  if (span_of(root_->parts()).size() > kMaxParts) corrupt("it has more parts than a registry may have namespaces");
  Totals totals;
  for (const format::Part& stored : span_of(root_->parts())) {
    parts.push_back(part_behind(totals, stored));
    const Part& part = parts.back();
    // A lookup in any slot begins with a pilot.
    if (part.slots < part.rows || (part.slots != 0 && part.pilots == 0)) corrupt("a part has too few pilots or slots for its rows");
    // The shortest row is a letter and its end.
    if (part.rows > part.description_size || part.rows > part.text_size / 2) corrupt("a part has too little text for its rows");
    if (part.rows == 0 && (part.text_size != 0 || part.description_size != 0)) corrupt("a part has text but no rows");
    add(totals, part);
    if (!fits(totals)) corrupt("the parts are larger than a frame can be");
  }
  const Totals sizes{totals.rows, totals.endpoints, text.size(), descriptions.size(), pilots.size(), slots.size(), checkpoints.size()};
  if (totals != sizes) corrupt("the parts do not fill its vectors");
  for (const Part& part : parts) {
    if (!ends_in_mark(text.substr(part.text, part.text_size)) ||
        !ends_in_mark(descriptions.substr(part.description, part.description_size))) {
      corrupt("a part's text does not end in a mark");
    }
  }
}

void Frame::take_columns(const std::string& object, std::uint64_t offset) {
  const auto corrupt = [&](const char* problem) { refuse_frame(object, offset, problem); };
  text = text_of_bytes(root_->text());
  descriptions = text_of_bytes(root_->descriptions());
  pilots = span_of(root_->pilots());
  slots = working_space<SharedSlot>(root_->slots());
  checkpoints = working_space<SharedCheckpoint>(root_->checkpoints());
  labels = {text_of_bytes(root_->labels()), span_of(root_->label_offsets())};
  tag_sets = {text_of_bytes(root_->tag_sets()), span_of(root_->tag_set_offsets())};
  attribute_sets = {text_of_bytes(root_->attribute_sets()), span_of(root_->attribute_set_offsets())};
  if (!ends_in_mark(labels.text) || !ends_in_mark(tag_sets.text) || !ends_in_mark(attribute_sets.text))
    corrupt("a table's text does not end in a mark");
  take_parts(object, offset);

  const std::uint32_t rows = parts.empty() ? 0 : parts.back().row + parts.back().rows;
  const std::uint32_t endpoints = parts.empty() ? 0 : parts.back().endpoint + parts.back().endpoints;
  const auto column = [&](const format::Column* stored, std::uint32_t count) {
    ColumnView view(stored, count);
    if (!view.ok()) corrupt("a column is not as long as its rows");
    return view;
  };
  tags = column(root_->tags(), rows);
  attributes = column(root_->attributes(), rows);
  endpoint_version = column(root_->endpoint_version(), endpoints);
  endpoint_zone = column(root_->endpoint_zone(), endpoints);
  endpoint_weight = column(root_->endpoint_weight(), endpoints);
  endpoint_tags = column(root_->endpoint_tags(), endpoints);
  endpoint_attributes = column(root_->endpoint_attributes(), endpoints);
}

void Frame::attach(Mapping mapping, std::uint64_t size, const std::string& object, std::uint64_t offset) {
  mapping_ = std::move(mapping);
  bytes_ = mapping_.bytes().first(static_cast<std::size_t>(size));
  root_ = verified_root<format::Frame>(bytes_, format::FrameIdentifier());
  if (root_ == nullptr) refuse_frame(object, offset, "is not the FlatBuffer that it should be");
  // The index is written into some of the vectors, so none may lie over another.
  const std::vector<FramePiece> vectors = vectors_of(bytes_, *root_);
  if (overlap(vectors)) refuse_frame(object, offset, "two of its vectors overlap");
  if (overlap(vectors, tables_of(bytes_, *root_))) refuse_frame(object, offset, "a vector lies on a table");
  take_columns(object, offset);
}

void Frame::begin_index(bool is_filled) {
  // The file has zeros there; a slot that is not empty would pass for a service.
  if (!is_filled && !slots.empty()) std::memset(static_cast<void*>(slots.data()), 0, slots.size_bytes());
  indexes = std::make_unique<PartIndex[]>(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    indexes[i].slots_to = parts[i].text + (is_filled ? parts[i].text_size : 0);
    indexes[i].has_checkpoints = is_filled;
    indexes[i].is_checked = is_filled;
  }
}

std::unique_ptr<const Frame> Frame::load(const ByteSource& source, const ManifestFrame& entry, std::uint64_t max_size) {
  check_limit(entry, max_size, source.name());
  std::unique_ptr<Frame> frame(new Frame);
  frame->attach(inflated(source, entry), entry.size, source.name(), entry.offset);
  fill_tables(*frame, frame->mapping_.writable().first(static_cast<std::size_t>(entry.size)), source.name(), entry.offset);
  frame->begin_index(false);
  frame->mapping_.trim();
  return frame;
}

std::unique_ptr<const Frame> Frame::find(const CacheDirectory& cache, const ManifestFrame& entry, std::uint64_t max_size,
                                         const std::string& object) {
  check_limit(entry, max_size, object);
  Mapping found = cache.find(entry.digest, entry.size);
  if (!found) return nullptr;
  std::unique_ptr<Frame> frame(new Frame);
  try {
    frame->attach(std::move(found), entry.size, "cache", 0);
    frame->begin_index(true);
  } catch (const Error&) {
    return nullptr;  // The frame is made anew, and takes the place of what is there.
  }
  return frame;
}

}  // namespace almanac::internal
