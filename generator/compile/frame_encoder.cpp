#include "compile/frame_encoder.h"

#include <array>
#include <cstring>
#include <string>
#include <string_view>

#include "compile/compile_error.h"
#include "compile/perfect_hash_builder.h"
#include "compile/shared_sets.h"
#include "frame.h"
#include "frame_generated.h"
#include "index.h"
#include "model/limits.h"
#include "slot.h"

namespace almanac::compile {

namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using ByteVector = Offset<flatbuffers::Vector<std::uint8_t>>;

// A reader that takes all of a slot at once has none across two cache lines.
constexpr std::size_t kSlotAlignment = sizeof(format::Slot);

static_assert(model::kMaxServiceName == internal::kMaxNameSize && model::kMaxUri == internal::kMaxUriSize);

struct Columns {
  std::vector<std::uint32_t> tags, attributes;
  std::vector<std::uint32_t> endpoint_version, endpoint_zone, endpoint_weight, endpoint_tags, endpoint_attributes;
};

// Writes `text`, and moves behind it. An empty one may have no address, which memcpy must not be given.
void put(std::uint8_t*& bytes, std::string_view text) {
  if (text.empty()) return;
  std::memcpy(bytes, text.data(), text.size());
  bytes += text.size();
}

PerfectHash perfect_hash_of(const model::Namespace& name_space) {
  try {
    return build_perfect_hash(static_cast<std::uint32_t>(name_space.services.size()),
                              [&](std::uint32_t row) { return name_space.services[row].name; });
  } catch (const CompileError& error) {
    throw CompileError("namespace \"" + std::string(name_space.name) + "\": " + error.what());
  }
}

class FrameEncoder {
 public:
  explicit FrameEncoder(std::span<const model::Namespace> namespaces) : namespaces_(namespaces) {}

  flatbuffers::DetachedBuffer encode() {
    measure();
    collect();
    number(labels_, {&columns_.endpoint_version, &columns_.endpoint_zone});
    number(tag_sets_, {&columns_.tags, &columns_.endpoint_tags});
    number(attribute_sets_, {&columns_.attributes, &columns_.endpoint_attributes});
    const std::uint64_t size = estimate();
    if (size >= FLATBUFFERS_MAX_BUFFER_SIZE) {
      throw CompileError("namespace \"" + std::string(namespaces_.front().name) + "\" takes " + std::to_string(size) +
                         " bytes, and the limit of a frame is " + std::to_string(FLATBUFFERS_MAX_BUFFER_SIZE) + "; split it into several");
    }
    FlatBufferBuilder builder(static_cast<std::size_t>(size));
    return build(builder);
  }

 private:
  // Sizes of the parts; the perfect hashes.
  void measure() {
    for (const model::Namespace& name_space : namespaces_) {
      const auto& services = name_space.services;
      std::uint32_t endpoints = 0;
      std::uint64_t text = 0;
      std::uint64_t description = 0;
      for (const model::Service& service : services) {
        text += service.name.size() + 1 + (service.value ? service.value->size() + 1 : 0);
        for (const model::Endpoint& endpoint : service.endpoints) text += endpoint.uri.size() + 1;
        endpoints += static_cast<std::uint32_t>(service.endpoints.size());
        description += service.description.size() + 1;
      }
      const auto rows = static_cast<std::uint32_t>(services.size());
      const PerfectHash hash = perfect_hash_of(name_space);
      pilots_.insert(pilots_.end(), hash.pilots.begin(), hash.pilots.end());
      parts_.emplace_back(hash.seed, rows, endpoints, static_cast<std::uint32_t>(text), static_cast<std::uint32_t>(description),
                          static_cast<std::uint32_t>(hash.pilots.size()), hash.slots);
      rows_ += rows;
      endpoints_ += endpoints;
      text_size_ += text;
      description_size_ += description;
      slots_ += hash.slots;
      checkpoints_ += internal::checkpoints_of_text(static_cast<std::uint32_t>(text));
    }
  }

  void collect() {
    columns_.tags.reserve(rows_);
    columns_.attributes.reserve(rows_);
    std::string form;
    for (const model::Namespace& name_space : namespaces_) {
      for (const model::Service& service : name_space.services) {
        columns_.tags.push_back(number_of(service.tags, form));
        columns_.attributes.push_back(number_of(service.attributes, form));
        for (const model::Endpoint& endpoint : service.endpoints) collect(endpoint, form);
      }
    }
  }

  void collect(const model::Endpoint& endpoint, std::string& form) {
    columns_.endpoint_version.push_back(number_of(endpoint.version, form));
    columns_.endpoint_zone.push_back(number_of(endpoint.zone, form));
    columns_.endpoint_weight.push_back(endpoint.weight ^ 1U);
    columns_.endpoint_tags.push_back(number_of(endpoint.tags, form));
    columns_.endpoint_attributes.push_back(number_of(endpoint.attributes, form));
  }

  // Provisional numbers. Most rows and endpoints have nothing of a kind.
  std::uint32_t number_of(std::string_view label, std::string& form) {
    return label.empty() ? SharedSets::kEmpty : labels_.add(stored_label(label, form));
  }
  std::uint32_t number_of(std::span<const std::string_view> tags, std::string& form) {
    return tags.empty() ? SharedSets::kEmpty : tag_sets_.add(stored_tags(tags, form));
  }
  std::uint32_t number_of(std::span<const model::Attribute> attributes, std::string& form) {
    return attributes.empty() ? SharedSets::kEmpty : attribute_sets_.add(stored_attributes(attributes, form));
  }

  static void number(SharedSets& sets, std::array<std::vector<std::uint32_t>*, 2> columns) {
    sets.finish();
    for (std::vector<std::uint32_t>* column : columns) {
      for (std::uint32_t& entry : *column) entry = sets.number(entry);
    }
  }

  // An upper bound, so that the builder takes its memory once.
  [[nodiscard]] std::uint64_t estimate() const {
    constexpr std::uint64_t kTables = 4096;
    return kTables + text_size_ + description_size_ + labels_.text().size() + tag_sets_.text().size() + attribute_sets_.text().size() +
           sizeof(std::uint32_t) * (std::uint64_t{labels_.count()} + tag_sets_.count() + attribute_sets_.count()) +
           parts_.size() * sizeof(format::Part) + pilots_.size() * sizeof(std::uint16_t) + std::uint64_t{slots_} * sizeof(format::Slot) +
           std::uint64_t{checkpoints_} * sizeof(format::Checkpoint) + std::uint64_t{rows_} * 2 * sizeof(std::uint32_t) +
           std::uint64_t{endpoints_} * 5 * sizeof(std::uint32_t);
  }

  ByteVector text(FlatBufferBuilder& builder) const {
    std::uint8_t* bytes = nullptr;
    const ByteVector vector = builder.CreateUninitializedVector<std::uint8_t>(static_cast<std::size_t>(text_size_), &bytes);
    for (const model::Namespace& name_space : namespaces_) {
      for (const model::Service& service : name_space.services) {
        put(bytes, service.name);
        for (const model::Endpoint& endpoint : service.endpoints) {
          *bytes++ = internal::kUriMark;
          put(bytes, endpoint.uri);
        }
        if (service.value) {
          *bytes++ = internal::kValueMark;
          put(bytes, *service.value);
        }
        *bytes++ = internal::kEndMark;
      }
    }
    return vector;
  }

  ByteVector descriptions(FlatBufferBuilder& builder) const {
    std::uint8_t* bytes = nullptr;
    const ByteVector vector = builder.CreateUninitializedVector<std::uint8_t>(static_cast<std::size_t>(description_size_), &bytes);
    for (const model::Namespace& name_space : namespaces_) {
      for (const model::Service& service : name_space.services) {
        put(bytes, service.description);
        *bytes++ = internal::kEndMark;
      }
    }
    return vector;
  }

  static ByteVector shared(FlatBufferBuilder& builder, const SharedSets& sets) {
    const std::string text = sets.text();
    return builder.CreateVector(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  }

  // Null where every number is 0.
  static Offset<format::Column> column(FlatBufferBuilder& builder, const std::vector<std::uint32_t>& numbers) {
    std::uint32_t used = 0;
    for (const std::uint32_t number : numbers) used |= number;
    std::array<ByteVector, 4> planes{};
    for (unsigned plane = planes.size(); plane-- > 0;) {
      if ((used >> (8 * plane) & 0xFFU) == 0) continue;
      std::uint8_t* bytes = nullptr;
      planes[plane] = builder.CreateUninitializedVector<std::uint8_t>(numbers.size(), &bytes);
      for (const std::uint32_t number : numbers) *bytes++ = static_cast<std::uint8_t>(number >> (8 * plane));
    }
    return used == 0 ? Offset<format::Column>() : format::CreateColumn(builder, planes[0], planes[1], planes[2], planes[3]);
  }

  template <class T>
  static auto zeros(FlatBufferBuilder& builder, std::uint32_t count) {
    T* elements = nullptr;
    const auto vector = builder.CreateUninitializedVectorOfStructs<T>(count, &elements);
    std::memset(static_cast<void*>(elements), 0, count * sizeof(T));
    return vector;
  }

  static auto zero_numbers(FlatBufferBuilder& builder, std::uint32_t count) {
    std::uint32_t* numbers = nullptr;
    const auto vector = builder.CreateUninitializedVector<std::uint32_t>(count, &numbers);
    std::memset(numbers, 0, count * sizeof *numbers);
    return vector;
  }

  // The builder writes from the end to the front: what is created last comes first. One at a time,
  // because the order in which a compiler evaluates arguments is its own.
  flatbuffers::DetachedBuffer build(FlatBufferBuilder& builder) const {
    const auto attribute_set_offsets = zero_numbers(builder, attribute_sets_.count());
    const auto tag_set_offsets = zero_numbers(builder, tag_sets_.count());
    const auto label_offsets = zero_numbers(builder, labels_.count());
    const auto checkpoints = zeros<format::Checkpoint>(builder, checkpoints_);
    builder.ForceVectorAlignment(slots_, sizeof(format::Slot), kSlotAlignment);
    const auto slots = zeros<format::Slot>(builder, slots_);
    const auto endpoint_attributes = column(builder, columns_.endpoint_attributes);
    const auto endpoint_tags = column(builder, columns_.endpoint_tags);
    const auto endpoint_weight = column(builder, columns_.endpoint_weight);
    const auto endpoint_zone = column(builder, columns_.endpoint_zone);
    const auto endpoint_version = column(builder, columns_.endpoint_version);
    const auto attributes = column(builder, columns_.attributes);
    const auto tags = column(builder, columns_.tags);
    const auto attribute_set_text = shared(builder, attribute_sets_);
    const auto tag_set_text = shared(builder, tag_sets_);
    const auto label_text = shared(builder, labels_);
    const auto pilots = builder.CreateVector(pilots_);
    const auto description_text = descriptions(builder);
    const auto row_text = text(builder);
    const auto parts = builder.CreateVectorOfStructs(parts_);
    format::FrameBuilder frame(builder);
    frame.add_parts(parts);
    frame.add_text(row_text);
    frame.add_descriptions(description_text);
    frame.add_pilots(pilots);
    frame.add_labels(label_text);
    frame.add_tag_sets(tag_set_text);
    frame.add_attribute_sets(attribute_set_text);
    frame.add_tags(tags);
    frame.add_attributes(attributes);
    frame.add_endpoint_version(endpoint_version);
    frame.add_endpoint_zone(endpoint_zone);
    frame.add_endpoint_weight(endpoint_weight);
    frame.add_endpoint_tags(endpoint_tags);
    frame.add_endpoint_attributes(endpoint_attributes);
    frame.add_slots(slots);
    frame.add_checkpoints(checkpoints);
    frame.add_label_offsets(label_offsets);
    frame.add_tag_set_offsets(tag_set_offsets);
    frame.add_attribute_set_offsets(attribute_set_offsets);
    builder.Finish(frame.Finish(), format::FrameIdentifier());
    return builder.Release();
  }

  std::span<const model::Namespace> namespaces_;
  std::vector<format::Part> parts_;
  std::uint32_t rows_ = 0;
  std::uint32_t endpoints_ = 0;
  std::uint32_t slots_ = 0;
  std::uint32_t checkpoints_ = 0;
  std::vector<std::uint16_t> pilots_;
  std::uint64_t text_size_ = 0;
  std::uint64_t description_size_ = 0;
  SharedSets labels_{std::string_view("\0", 1)};
  SharedSets tag_sets_{std::string_view("\0", 1)};
  SharedSets attribute_sets_{std::string_view("\0", 1)};
  Columns columns_;
};

}  // namespace

flatbuffers::DetachedBuffer encode_frame(std::span<const model::Namespace> namespaces) { return FrameEncoder(namespaces).encode(); }

}  // namespace almanac::compile
