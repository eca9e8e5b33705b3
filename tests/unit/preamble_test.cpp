#include "preamble.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "support/error_matchers.h"

namespace almanac::internal {
namespace {

using support::error_from;
using support::IsError;

Preamble good_preamble() {
  Preamble preamble;
  preamble.major = 1;
  preamble.minor = 0;
  preamble.file_size = 0x1234;
  preamble.manifest_stored_size = 0x56;
  preamble.manifest_size = 0x789;
  preamble.manifest_digest = {0x0123456789abcdefU, 0xfedcba9876543210U};
  return preamble;
}

Error error_of(const Preamble& preamble) {
  return error_from([&] { (void)parse_preamble(encode_preamble(preamble), "x.almanac"); });
}

TEST(Preamble, bytes_are_those_of_the_format) {
  const auto bytes = encode_preamble(good_preamble());
  constexpr std::array<unsigned char, 56> kExpected = {
      0x89, 'A',  'L',  'M',  0x0D, 0x0A, 0x1A, 0x0A,  // magic
      0x01, 0x00, 0x00, 0x00,                          // version 1.0
      0x40, 0x00, 0x00, 0x00,                          // the preamble's size
      0x34, 0x12, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,  // the file's
      0x56, 0x00, 0x00, 0x00,                          // the manifest's, stored
      0x89, 0x07, 0x00, 0x00,                          // and inflated
      0xEF, 0xCD, 0xAB, 0x89, 0x67, 0x45, 0x23, 0x01,  // digest, high
      0x10, 0x32, 0x54, 0x76, 0x98, 0xBA, 0xDC, 0xFE,  // low
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,  // features
  };
  EXPECT_EQ(as_text(Bytes(bytes).first(kExpected.size())), as_text(std::as_bytes(std::span(kExpected))));
  EXPECT_EQ(load<std::uint64_t>(bytes, 56), checksum_of(std::as_bytes(std::span(kExpected))));
}

TEST(Preamble, is_parsed_back) {
  Preamble expected = good_preamble();
  expected.minor = 7;
  expected.preamble_size = 96;
  const Preamble parsed = parse_preamble(encode_preamble(expected), "x");
  EXPECT_EQ(parsed.major, 1);
  EXPECT_EQ(parsed.minor, 7);
  EXPECT_EQ(parsed.preamble_size, 96U);
  EXPECT_EQ(parsed.file_size, 0x1234U);
  EXPECT_EQ(parsed.manifest_stored_size, 0x56U);
  EXPECT_EQ(parsed.manifest_size, 0x789U);
  EXPECT_EQ(parsed.manifest_digest, expected.manifest_digest);
  EXPECT_EQ(parsed.features, 0U);
}

TEST(Preamble, other_files_are_foreign) {
  for (const std::string_view text : {"", "P", "PK\3\4", "{\"registry\": \"acme\"}", "\x89PNG\r\n\x1a\n"}) {
    EXPECT_THAT(error_from([&] { (void)parse_preamble(as_bytes(text), "x.almanac"); }),
                IsError(ErrorCode::kForeign, "x.almanac", 0U, "is not an almanac snapshot"));
  }
}

TEST(Preamble, every_cut_is_truncated) {
  const auto bytes = encode_preamble(good_preamble());
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    EXPECT_THAT(error_from([&] { (void)parse_preamble(Bytes(bytes).first(size), "x.almanac"); }),
                IsError(ErrorCode::kTruncated, "x.almanac", 0U, "the preamble of 64 bytes"))
        << size;
  }
}

TEST(Preamble, every_flipped_bit_is_noticed) {
  const auto good = encode_preamble(good_preamble());
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    auto bytes = good;
    bytes.at(bit / 8) ^= std::byte{1} << (bit % 8);
    const ErrorCode expected = bit < 64 ? ErrorCode::kForeign : ErrorCode::kCorrupt;
    EXPECT_THAT(error_from([&] { (void)parse_preamble(bytes, "x"); }), IsError(expected, "x", 0U, "")) << "bit " << bit;
  }
}

TEST(Preamble, another_major_version_is_refused) {
  for (const std::uint16_t major : {std::uint16_t{0}, std::uint16_t{2}, std::uint16_t{65535}}) {
    Preamble preamble = good_preamble();
    preamble.major = major;
    preamble.minor = 3;
    EXPECT_THAT(error_of(preamble), IsError(ErrorCode::kUnsupportedVersion, "x.almanac", 8U,
                                            "has format " + std::to_string(major) + ".3, and this reader knows 1.x; update the reader"));
  }
}

TEST(Preamble, every_unknown_feature_is_refused) {
  for (unsigned bit = 0; bit < 64; ++bit) {
    Preamble preamble = good_preamble();
    preamble.features = std::uint64_t{1} << bit;
    EXPECT_THAT(error_of(preamble), IsError(ErrorCode::kUnsupportedVersion, "x.almanac", 48U, "features that this reader does not know"));
  }
}

TEST(Preamble, size_is_64_to_4096) {
  Preamble preamble = good_preamble();
  for (const std::uint32_t size : {0U, 63U, 4097U, ~0U}) {
    preamble.preamble_size = size;
    EXPECT_THAT(error_of(preamble), IsError(ErrorCode::kCorrupt, "x.almanac", 12U, "must be 64 to 4,096, and is " + std::to_string(size)));
  }
  preamble.file_size = 5000;
  for (const std::uint32_t size : {64U, 4096U}) {
    preamble.preamble_size = size;
    EXPECT_EQ(parse_preamble(encode_preamble(preamble), "x").preamble_size, size);
  }
}

TEST(Preamble, manifest_has_a_limit) {
  constexpr std::uint32_t kLimit = 256U << 20U;
  Preamble preamble = good_preamble();
  preamble.file_size = ~std::uint64_t{0};
  preamble.manifest_size = kLimit;
  preamble.manifest_stored_size = kLimit;
  EXPECT_EQ(parse_preamble(encode_preamble(preamble), "x").manifest_size, kLimit);
  preamble.manifest_size = kLimit + 1;
  EXPECT_THAT(error_of(preamble), IsError(ErrorCode::kLimitExceeded, "x.almanac", 24U, "larger than 256 MiB"));
  preamble.manifest_size = 1;
  preamble.manifest_stored_size = kLimit + 1;
  EXPECT_THAT(error_of(preamble), IsError(ErrorCode::kLimitExceeded, "x.almanac", 24U, "larger than 256 MiB"));
}

TEST(Preamble, manifest_lies_in_the_file) {
  Preamble preamble = good_preamble();
  preamble.file_size = 64 + 0x56;
  EXPECT_EQ(parse_preamble(encode_preamble(preamble), "x").file_size, 64U + 0x56U);
  for (const std::uint64_t size : {std::uint64_t{64 + 0x55}, std::uint64_t{63}, std::uint64_t{0}}) {
    preamble.file_size = size;
    EXPECT_THAT(error_of(preamble), IsError(ErrorCode::kCorrupt, "x.almanac", 24U, "does not fit into the file"));
  }
}

}  // namespace
}  // namespace almanac::internal
