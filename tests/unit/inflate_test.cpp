#include "inflate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "support/crafted_snapshot.h"
#include "support/error_matchers.h"

namespace almanac::internal {
namespace {

using support::error_from;
using support::IsError;

const std::string kText(1000, 'x');

Error error_of(Bytes stored, std::size_t size) {
  std::vector<std::byte> into(size);
  return error_from([&] { inflate(stored, into, "x.almanac", 77); });
}

TEST(Inflate, gives_back_what_was_compressed) {
  for (const std::string& text : {std::string(), std::string("a"), kText}) {
    std::vector<std::byte> into(text.size());
    inflate(support::compressed(as_bytes(text)), into, "x", 0);
    EXPECT_EQ(as_text(into), text);
  }
}

TEST(Inflate, another_announced_size_is_refused_before_anything_is_inflated) {
  const auto stored = support::compressed(as_bytes(kText));
  for (const std::size_t size : {0U, 999U, 1001U}) {
    EXPECT_THAT(error_of(stored, size),
                IsError(ErrorCode::kCorrupt, "x.almanac", 77U, "does not announce the " + std::to_string(size) + " bytes"));
  }
  EXPECT_THAT(error_from([&] { check_inflated_size(stored, ~0ULL, "x", 1); }), IsError(ErrorCode::kCorrupt, "x", 1U, "does not announce"));
  check_inflated_size(stored, kText.size(), "x", 1);
}

TEST(Inflate, a_frame_without_its_size_is_refused) {
  std::vector<std::byte> stored(ZSTD_compressBound(kText.size()));
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  stored.resize(ZSTD_compress2(context, stored.data(), stored.size(), kText.data(), kText.size()));
  ZSTD_freeCCtx(context);
  EXPECT_THAT(error_of(stored, kText.size()), IsError(ErrorCode::kCorrupt, "x.almanac", 77U, "does not announce"));
}

TEST(Inflate, what_is_no_zstd_frame_is_refused) {
  for (const std::string_view text : {"", "x", "this is no zstd frame at all"}) {
    EXPECT_THAT(error_of(as_bytes(text), 0), IsError(ErrorCode::kCorrupt, "x.almanac", 77U, ""));
    EXPECT_THAT(error_of(as_bytes(text), 10), IsError(ErrorCode::kCorrupt, "x.almanac", 77U, ""));
  }
}

TEST(Inflate, every_cut_is_refused) {
  const auto stored = support::compressed(as_bytes(kText));
  for (std::size_t size = 0; size < stored.size(); ++size) {
    EXPECT_THAT(error_of(Bytes(stored).first(size), kText.size()), IsError(ErrorCode::kCorrupt, "x.almanac", 77U, "")) << size;
  }
}

TEST(Inflate, bytes_behind_the_frame_are_refused) {
  auto stored = support::compressed(as_bytes(kText));
  const auto once = stored;
  stored.push_back(std::byte{0});
  EXPECT_THAT(error_of(stored, kText.size()), IsError(ErrorCode::kCorrupt, "x.almanac", 77U, ""));

  const auto empty = support::compressed({});
  auto two = once;
  two.insert(two.end(), empty.begin(), empty.end());
  EXPECT_THAT(error_of(two, kText.size()), IsError(ErrorCode::kCorrupt, "x.almanac", 77U, "stray bytes"));

  constexpr std::array<unsigned char, 12> kSkippable = {0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 'a', 'b', 'c', 'd'};
  auto with_skippable = once;
  for (const unsigned char byte : kSkippable) with_skippable.push_back(std::byte{byte});
  EXPECT_THAT(error_of(with_skippable, kText.size()), IsError(ErrorCode::kCorrupt, "x.almanac", 77U, "stray bytes"));
}

TEST(Inflate, a_frame_that_skips_is_no_frame) {
  constexpr std::array<unsigned char, 12> kSkippable = {0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 'a', 'b', 'c', 'd'};
  EXPECT_THAT(error_of(std::as_bytes(std::span(kSkippable)), 0), IsError(ErrorCode::kCorrupt, "x.almanac", 77U, ""));
}

// Of several steps: noise, which no compressor makes smaller.
class InflateLetsGo : public testing::Test {
 protected:
  InflateLetsGo() {
    std::mt19937_64 draw(1);
    for (std::byte& byte : content_) byte = static_cast<std::byte>(draw());
    stored_ = support::compressed(content_);
    into_.resize(content_.size());
  }
  // Pages of it that are in memory, as mincore(2) tells.
  static std::ptrdiff_t resident(Mapping& memory) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    std::vector<unsigned char> pages((memory.bytes().size() + page - 1) / page);
    EXPECT_EQ(::mincore(memory.writable().data(), memory.bytes().size(), pages.data()), 0);
    return std::ranges::count_if(pages, [](unsigned char state) { return (state & 1U) != 0; });
  }
  static Mapping copy_of(Bytes bytes) {
    Mapping memory = Mapping::anonymous(bytes.size());
    std::ranges::copy(bytes, memory.writable().begin());
    return memory;
  }

  std::vector<std::byte> content_ = std::vector<std::byte>(1'500'000);
  std::vector<std::byte> stored_;
  std::vector<std::byte> into_;
};

TEST_F(InflateLetsGo, of_what_it_has_read) {
  Mapping memory = copy_of(stored_);
  ASSERT_GT(resident(memory), 300);
  inflate(memory.bytes(), into_, "x", 0, &memory);
  EXPECT_EQ(into_, content_);
  EXPECT_LE(resident(memory), 1);
}

TEST_F(InflateLetsGo, of_nothing_that_it_was_not_given) {
  const std::vector<std::byte> before = stored_;
  inflate(stored_, into_, "x", 0);
  EXPECT_EQ(into_, content_);
  EXPECT_EQ(stored_, before);
}

TEST_F(InflateLetsGo, and_refuses_what_it_refuses_in_one_go) {
  for (const std::size_t size : {std::size_t{100}, std::size_t{256} << 10U, (std::size_t{256} << 10U) + 1, stored_.size() - 1}) {
    Mapping cut = copy_of(Bytes(stored_).first(size));
    EXPECT_THAT(error_from([&] { inflate(cut.bytes(), into_, "x", 3, &cut); }), IsError(ErrorCode::kCorrupt, "x", 3U, "")) << size;
  }
  std::vector<std::byte> longer = stored_;
  longer.push_back(std::byte{0});
  Mapping memory = copy_of(longer);
  EXPECT_THAT(error_from([&] { inflate(memory.bytes(), into_, "x", 3, &memory); }), IsError(ErrorCode::kCorrupt, "x", 3U, "stray bytes"));
}

// RFC 8878 lets a frame ask for a window of any size; the whole frame is there, so none is needed.
TEST_F(InflateLetsGo, whatever_window_the_frame_was_written_with) {
  const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, 28);
  ZSTD_inBuffer in{content_.data(), content_.size(), 0};
  stored_.resize(ZSTD_compressBound(content_.size()));
  ZSTD_outBuffer out{stored_.data(), stored_.size(), 0};
  const std::uint64_t announced = std::uint64_t{300} << 20U;
  ZSTD_CCtx_setPledgedSrcSize(context.get(), announced);
  ASSERT_FALSE(ZSTD_isError(ZSTD_compressStream2(context.get(), &out, &in, ZSTD_e_flush)));
  stored_.resize(out.pos);
  Mapping memory = copy_of(stored_);
  Mapping whole = Mapping::anonymous(announced);
  EXPECT_THAT(error_from([&] { inflate(memory.bytes(), whole.writable(), "x", 3, &memory); }),
              IsError(ErrorCode::kCorrupt, "x", 3U, "ends before it should"));
  EXPECT_TRUE(std::ranges::equal(whole.bytes().first(content_.size()), content_));
}

}  // namespace
}  // namespace almanac::internal
