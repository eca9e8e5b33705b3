#include "inflate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zstd.h>

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

}  // namespace
}  // namespace almanac::internal
