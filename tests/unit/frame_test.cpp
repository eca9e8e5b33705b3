#include "frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "flatbuffer.h"
#include "support/crafted_frame.h"
#include "support/crafted_snapshot.h"
#include "support/error_matchers.h"
#include "support/registry_builder.h"

namespace almanac::internal {
namespace {

using support::CraftedFrame;
using support::endpoint;
using support::error_from;
using support::IsError;
using support::service;
using namespace std::string_literals;

constexpr std::uint64_t kPlace = 1000;                             // of the frame in its file
constexpr std::uint64_t kNoLimit = (std::uint64_t{2} << 30U) - 2;  // but that of every FlatBuffer

// Shows its bytes from kPlace on.
class FrameSource final : public ByteSource {
 public:
  explicit FrameSource(std::vector<std::byte> stored) : stored_(std::move(stored)) {}
  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  [[nodiscard]] std::uint64_t size() const noexcept override { return kPlace + stored_.size(); }
  void read(std::uint64_t offset, std::span<std::byte> into) const override {
    std::ranges::copy(slice(stored_, offset - kPlace, into.size(), name_, "a range"), into.begin());
  }

 private:
  std::string name_ = "x.almanac";
  std::vector<std::byte> stored_;
};

std::unique_ptr<const Frame> load_inflated(const std::vector<std::byte>& inflated) {
  const std::vector<std::byte> stored = support::compressed(inflated);
  const ManifestFrame entry{kPlace, stored.size(), inflated.size(), digest_of(stored)};
  return Frame::load(FrameSource(stored), entry, kNoLimit);
}

// Two namespaces with all there is in a frame.
CraftedFrame good_frame() {
  const model::Registry registry = support::registry({
      {"a",
       {service("queue").endpoint(
            endpoint("arn:aws:sqs:eu:1:q").version("1.2.3").zone("z1").weight(90).tags({"t1"}).attributes({{"k", "v"}})),
        service("retries").value("3").tags({"t2", "t3"}).attributes({{"owner", "me"}}).description("how often")}},
      {"b", {service("users").uri("http://u/").uri("http://v/")}},
  });
  return CraftedFrame::of(registry.namespaces);
}

std::unique_ptr<const Frame> load(const CraftedFrame& frame) { return load_inflated(frame.encode()); }

// What is said when one rule is broken.
Error error_of(const std::function<void(CraftedFrame&)>& break_rule) {
  CraftedFrame frame = good_frame();
  break_rule(frame);
  return error_from([&] { (void)load(frame); });
}

auto is_corrupt(const std::string& words) { return IsError(ErrorCode::kCorrupt, "x.almanac"s, kPlace, words); }

TEST(Frame, shows_its_columns) {
  const auto frame = load(good_frame());
  ASSERT_EQ(frame->parts.size(), 2U);
  EXPECT_EQ(frame->parts[0].rows, 2U);
  EXPECT_EQ(frame->parts[1].row, 2U);
  EXPECT_EQ(frame->parts[1].endpoint, 1U);
  EXPECT_EQ(frame->parts[1].endpoints, 2U);
  EXPECT_EQ(frame->text, "queue\1arn:aws:sqs:eu:1:q\0retries\2"s + "3\0users\1http://u/\1http://v/\0"s);
  EXPECT_EQ(frame->descriptions, "\0how often\0\0"s);
  EXPECT_EQ(frame->label(frame->endpoint_version[0]), "1.2.3");
  EXPECT_EQ(frame->label(frame->endpoint_zone[0]), "z1");
  EXPECT_EQ(frame->label(frame->endpoint_zone[1]), "");
  EXPECT_EQ(frame->endpoint_weight[0], 90U ^ 1U);
  EXPECT_EQ(frame->endpoint_weight[2], 0U);
  EXPECT_EQ(frame->tag_sets[frame->endpoint_tags[0]], "t1\0\0"s);
  EXPECT_EQ(frame->tag_sets[frame->tags[1]], "t2\0t3\0\0"s);
  EXPECT_EQ(frame->attribute_sets[frame->attributes[1]], "owner\0me\0\0"s);
  EXPECT_EQ(frame->attribute_sets[frame->endpoint_attributes[0]], "k\0v\0\0"s);
}

TEST(Frame, numbers_past_the_end_give_nothing) {
  const auto frame = load(good_frame());
  EXPECT_EQ(frame->tags[3], 0U);
  EXPECT_EQ(frame->tags[~0U], 0U);
  EXPECT_EQ(frame->endpoint_weight[3], 0U);
  EXPECT_EQ(frame->label(~0U), "");
  EXPECT_EQ(frame->tag_sets[~0U], "");
  EXPECT_EQ(frame->attribute_sets[static_cast<std::uint32_t>(frame->attribute_sets.offsets.size())], "");
}

TEST(Frame, without_parts_is_a_frame) {
  CraftedFrame empty;
  empty.labels = empty.tag_sets = empty.attribute_sets = "\0"s;
  empty.label_offsets = empty.tag_set_offsets = empty.attribute_set_offsets = {0};
  EXPECT_TRUE(load(empty)->parts.empty());
}

TEST(Frame, column_restores_all_four_planes) {
  const std::vector<std::uint32_t> numbers = {0, 1, 0x100, 0x10203, 0xFFFFFFFF};
  flatbuffers::FlatBufferBuilder builder;
  const support::Planes planes = support::planes_of(numbers);
  ASSERT_EQ(planes.size(), 4U);
  builder.Finish(format::CreateColumnDirect(builder, &*planes[0], &*planes[1], &*planes[2], &*planes[3]));
  const ColumnView column(flatbuffers::GetRoot<format::Column>(builder.GetBufferPointer()), 5);
  ASSERT_TRUE(column.ok());
  for (std::uint32_t row = 0; row < numbers.size(); ++row) EXPECT_EQ(column[row], numbers[row]);
  EXPECT_EQ(column[5], 0U);
  const ColumnView other_length(flatbuffers::GetRoot<format::Column>(builder.GetBufferPointer()), 4);
  EXPECT_FALSE(other_length.ok());
  EXPECT_EQ(other_length[4], 0U);
  EXPECT_EQ(other_length[3], 0U);
  const ColumnView absent(nullptr, 5);
  EXPECT_TRUE(absent.ok());
  EXPECT_EQ(absent[4], 0U);
}

TEST(Frame, stored_bytes_are_checked_before_they_are_inflated) {
  const std::vector<std::byte> inflated = good_frame().encode();
  std::vector<std::byte> stored = support::compressed(inflated);
  const ManifestFrame entry{kPlace, stored.size(), inflated.size(), digest_of(stored)};
  for (std::size_t at = 0; at < stored.size(); ++at) {
    stored[at] ^= std::byte{0x10};
    EXPECT_THAT(error_from([&] { (void)Frame::load(FrameSource(stored), entry, kNoLimit); }), is_corrupt("a frame's digest does not hold"));
    stored[at] ^= std::byte{0x10};
  }
  stored.pop_back();
  EXPECT_EQ(error_from([&] { (void)Frame::load(FrameSource(stored), entry, kNoLimit); }).code(), ErrorCode::kTruncated);
}

TEST(Frame, must_inflate_to_what_the_manifest_says) {
  const std::vector<std::byte> inflated = good_frame().encode();
  const std::vector<std::byte> stored = support::compressed(inflated);
  for (const std::uint64_t size : {inflated.size() - 1, inflated.size() + 1, kNoLimit}) {
    const ManifestFrame entry{kPlace, stored.size(), size, digest_of(stored)};
    EXPECT_THAT(error_from([&] { (void)Frame::load(FrameSource(stored), entry, kNoLimit); }),
                is_corrupt("does not announce the " + std::to_string(size)));
  }
}

TEST(Frame, too_large_a_one_is_refused_before_it_is_read) {
  const ManifestFrame entry{kPlace, ~0ULL, 101, {}};
  EXPECT_THAT(error_from([&] { (void)Frame::load(FrameSource({}), entry, 100); }),
              IsError(ErrorCode::kLimitExceeded, "x.almanac", kPlace, "a frame inflates to 101 bytes, and the limit is 100"));
}

TEST(Frame, more_stored_bytes_than_compressing_can_give_are_not_read) {
  const ManifestFrame entry{kPlace, std::uint64_t{1} << 40U, 1000, {}};
  EXPECT_THAT(error_from([&] { (void)Frame::load(FrameSource({}), entry, kNoLimit); }),
              IsError(ErrorCode::kLimitExceeded, "x.almanac", kPlace, "a frame of 1000 bytes cannot be 1099511627776 bytes compressed"));
}

TEST(Frame, must_be_a_flatbuffer_of_its_kind) {
  const std::vector<std::byte> good = good_frame().encode();
  const auto words = is_corrupt("is not the FlatBuffer that it should be");
  EXPECT_THAT(error_from([&] { (void)load_inflated({}); }), words);
  EXPECT_THAT(error_from([&] { (void)load_inflated(std::vector<std::byte>(64)); }), words);
  EXPECT_THAT(error_from([&] { (void)load_inflated({good.begin(), good.begin() + 32}); }), words);
  EXPECT_THAT(error_from([&] { (void)load_inflated(support::CraftedManifest().encode()); }), words);
}

TEST(Frame, parts_fill_their_vectors) {
  const auto unfilled = is_corrupt("the parts do not fill its vectors");
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.text += "x\1u\0"s; }), unfilled);
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.text.clear(); }), unfilled);
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.descriptions += '\0'; }), unfilled);
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.pilots.push_back(0); }), unfilled);
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.pilots.clear(); }), unfilled);
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.slots.pop_back(); }), unfilled);
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.slots.emplace_back(); }), unfilled);
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.checkpoints.pop_back(); }), unfilled);
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.checkpoints.emplace_back(); }), unfilled);
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.parts.clear(); }), unfilled);
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.parts.push_back({.pilots = 1}); }), unfilled);
}

TEST(Frame, parts_have_pilots_and_slots_for_their_rows) {
  const auto words = is_corrupt("a part has too few pilots or slots for its rows");
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.parts[0].pilots = 0; }), words);
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.parts[0].slots = 1; }), words);
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.parts[1].rows = ~0U; }), words);
}

TEST(Frame, parts_have_text_for_their_rows) {
  const auto words = is_corrupt("a part has too little text for its rows");
  EXPECT_THAT(error_of([](CraftedFrame& frame) {
                const std::uint32_t rows = frame.parts[0].description_size + 1;
                frame.parts[0].rows = frame.parts[0].slots = rows;
                frame.slots.resize(rows + frame.parts[1].slots);
              }),
              words);
  EXPECT_THAT(error_of([](CraftedFrame& frame) {
                const std::uint32_t rows = frame.parts[0].text_size / 2 + 1;
                frame.parts[0].rows = frame.parts[0].slots = rows;
                frame.slots.resize(rows + frame.parts[1].slots);
                frame.descriptions.insert(0, rows, 'x');
                frame.parts[0].description_size += rows;
              }),
              words);
}

TEST(Frame, parts_without_rows_have_no_text) {
  const auto words = is_corrupt("a part has text but no rows");
  const auto with_more = [](const std::string& text, const std::string& descriptions) {
    return error_of([&](CraftedFrame& frame) {
      frame.parts.push_back(
          {.text_size = static_cast<std::uint32_t>(text.size()), .description_size = static_cast<std::uint32_t>(descriptions.size())});
      frame.text += text;
      frame.descriptions += descriptions;
      frame.checkpoints.resize(frame.checkpoints.size() + static_cast<std::size_t>(!text.empty()));
    });
  };
  EXPECT_THAT(with_more("a\0"s, "\0"s), words);
  EXPECT_THAT(with_more("a\0"s, ""), words);
  EXPECT_THAT(with_more("", "\0"s), words);
}

TEST(Frame, sums_over_parts_do_not_wrap) {
  constexpr support::CraftedPart kHuge{.pilots = ~0U, .slots = ~0U};
  EXPECT_THAT(error_of([&](CraftedFrame& frame) {
                frame.parts = {kHuge, kHuge, kHuge};
              }),
              is_corrupt("the parts are larger than a frame can be"));
  constexpr support::CraftedPart kManyEndpoints{.endpoints = ~0U};
  EXPECT_THAT(error_of([&](CraftedFrame& frame) { frame.parts.insert(frame.parts.end(), 2, kManyEndpoints); }),
              is_corrupt("the parts are larger"));
}

TEST(Frame, texts_end_in_a_mark) {
  const auto part = is_corrupt("a part's text does not end in a mark");
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.text.back() = 'x'; }), part);
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.text.back() = '\2'; }), part);
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.descriptions.back() = 'x'; }), part);
  // The end of the first part lies inside the text.
  EXPECT_THAT(error_of([](CraftedFrame& frame) {
                --frame.parts[0].text_size;
                ++frame.parts[1].text_size;
              }),
              part);
  const auto table = is_corrupt("a table's text does not end in a mark");
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.labels.back() = 'x'; }), table);
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.tag_sets.back() = 'x'; }), table);
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.attribute_sets.back() = '\1'; }), table);
}

TEST(Frame, columns_are_as_long_as_their_rows) {
  const auto words = is_corrupt("a column is not as long as its rows");
  for (support::Planes CraftedFrame::*const column :
       {&CraftedFrame::tags, &CraftedFrame::attributes, &CraftedFrame::endpoint_version, &CraftedFrame::endpoint_zone,
        &CraftedFrame::endpoint_weight, &CraftedFrame::endpoint_tags, &CraftedFrame::endpoint_attributes}) {
    EXPECT_THAT(error_of([&](CraftedFrame& frame) { frame.*column = {std::vector<std::uint8_t>(2)}; }), words);
    EXPECT_THAT(error_of([&](CraftedFrame& frame) { frame.*column = {std::vector<std::uint8_t>(4)}; }), words);
    EXPECT_THAT(error_of([&](CraftedFrame& frame) {
                  frame.*column = {std::nullopt, std::nullopt, std::nullopt, std::vector<std::uint8_t>()};
                }),
                words);
    CraftedFrame absent = good_frame();
    (absent.*column).clear();
    EXPECT_NO_THROW((void)load(absent));
  }
}

// Whoever lays a vector over something else could make the reader change what it has checked.
std::vector<std::byte> with_vector_at(const CraftedFrame& frame, flatbuffers::voffset_t field,
                                      const std::function<const void*(const format::Frame&)>& target) {
  std::vector<std::byte> inflated = frame.encode();
  const auto* const table = flatbuffers::GetRoot<flatbuffers::Table>(inflated.data());
  const auto* const place = reinterpret_cast<const std::byte*>(table) + table->GetOptionalFieldOffset(field);
  const auto* const there = static_cast<const std::byte*>(target(*format::GetFrame(inflated.data())));
  store(std::span<std::byte>(inflated), static_cast<std::size_t>(place - inflated.data()), static_cast<std::uint32_t>(there - place));
  return inflated;
}

TEST(Frame, vectors_that_overlap_are_refused) {
  const auto inflated =
      with_vector_at(good_frame(), format::Frame::VT_LABEL_OFFSETS, [](const format::Frame& root) { return root.attribute_set_offsets(); });
  EXPECT_THAT(error_from([&] { (void)load_inflated(inflated); }), is_corrupt("two of its vectors overlap"));
}

TEST(Frame, vectors_that_lie_on_a_table_are_refused) {
  CraftedFrame frame = good_frame();
  // A table that is as large as the vector that its first number would be the length of.
  frame.tags.assign(4, std::vector<std::uint8_t>(3));
  const auto inflated = with_vector_at(frame, format::Frame::VT_LABELS, [](const format::Frame& root) { return root.tags(); });
  EXPECT_THAT(error_from([&] { (void)load_inflated(inflated); }), is_corrupt("a vector lies on a table"));
}

}  // namespace
}  // namespace almanac::internal
