#include "publish/kept_documents.h"

#include <almanac/error.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zstd.h>

#include <cstring>
#include <string>
#include <vector>

#include "bytes.h"
#include "support/error_matchers.h"

namespace almanac::publish {
namespace {

using source::DocumentText;
using support::error_from;
using support::IsError;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kObject = "store/documents/x";

Error error_of(std::span<const std::byte> kept) {
  return error_from([&] { (void)unpack_documents(kept, kObject); });
}

std::vector<std::byte> frame(const std::string& content) {
  std::vector<std::byte> bytes(ZSTD_compressBound(content.size()));
  bytes.resize(ZSTD_compress(bytes.data(), bytes.size(), content.data(), content.size(), 1));
  return bytes;
}

std::string number(std::uint32_t value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

const std::string kMagic =
    "\x89"
    "ALD\r\n\x1A\n";

TEST(KeptDocuments, are_what_they_were) {
  const std::vector<DocumentText> documents = {
      {"-", ""}, {"a/prod.yaml", std::string("a\0b", 3)}, {"b \n\".jsonl", std::string(100'000, 'z')}};
  EXPECT_EQ(unpack_documents(pack_documents(documents), kObject), documents);
  EXPECT_THAT(unpack_documents(pack_documents({}), kObject), IsEmpty());
}

TEST(KeptDocuments, of_the_same_documents_have_one_name) {
  const std::vector<DocumentText> documents = {{"a.yaml", "x"}};
  const std::string id = documents_id(pack_documents(documents));
  EXPECT_EQ(id.size(), 32U);
  EXPECT_EQ(documents_id(pack_documents(documents)), id);
  EXPECT_NE(documents_id(pack_documents(std::vector<DocumentText>{{"b.yaml", "x"}})), id);
  EXPECT_NE(documents_id(pack_documents({})), id);
}

TEST(KeptDocuments, other_bytes_are_refused) {
  EXPECT_THAT(error_of({}), IsError(ErrorCode::kForeign, kObject, support::kNowhere, "is not what publishers keep documents in"));
  EXPECT_THAT(error_of(internal::as_bytes("no zstd frame at all")),
              IsError(ErrorCode::kForeign, kObject, support::kNowhere, "is not what"));
  EXPECT_THAT(error_of(frame("something else")), IsError(ErrorCode::kForeign, kObject, support::kNowhere, "is not what"));
  std::vector<std::byte> two = pack_documents({});
  two.push_back(std::byte{0});
  EXPECT_EQ(error_of(two).code(), ErrorCode::kCorrupt);
}

TEST(KeptDocuments, every_cut_is_noticed) {
  const std::vector<std::byte> kept = pack_documents(std::vector<DocumentText>{{"a.yaml", "registry: acme"}});
  for (std::size_t size = 0; size < kept.size(); ++size)
    EXPECT_THROW((void)unpack_documents(std::span(kept).first(size), kObject), Error) << size;
}

TEST(KeptDocuments, sizes_that_lie_are_noticed) {
  const std::string good = number(6) + number(1) + "a.yamlx";
  EXPECT_THAT(unpack_documents(frame(kMagic + good), kObject), ElementsAre(DocumentText{"a.yaml", "x"}));
  for (const std::string& bad : {number(6), number(7) + number(1) + "a.yamlx", number(6) + number(2) + "a.yamlx",
                                 number(UINT32_MAX) + number(UINT32_MAX) + "a.yamlx", good + "rest"}) {
    EXPECT_EQ(error_of(frame(kMagic + bad)).code(), ErrorCode::kTruncated);
  }
  EXPECT_THAT(error_of(frame(kMagic + number(5) + number(1) + "a.txtx")),
              IsError(ErrorCode::kCorrupt, kObject, support::kNowhere, "a document whose language cannot be told"));
}

// A frame may announce whatever it likes: nothing is taken for it before that is seen to be too much.
TEST(KeptDocuments, a_frame_that_announces_more_than_its_bytes_can_hold_is_refused_before_it_is_inflated) {
  // The magic number of zstd, one segment with a size of 8 bytes, and that size: 1 GiB.
  const std::string head = std::string("\x28\xB5\x2F\xFD\xE0", 5) + number(1U << 30U) + number(0);
  EXPECT_THAT(error_of(internal::as_bytes(head)), IsError(ErrorCode::kCorrupt, kObject, support::kNowhere, "more than its bytes can hold"));
}

TEST(KeptDocuments, a_frame_that_announces_more_than_can_be_kept_is_refused) {
  std::vector<std::byte> bytes(14);
  internal::store(std::span(bytes), 0, std::uint32_t{ZSTD_MAGICNUMBER});
  bytes[4] = std::byte{0xE0};  // one segment, with a size of 8 bytes
  internal::store(std::span(bytes), 5, std::uint64_t{1} << 40U);
  EXPECT_THAT(error_of(bytes), IsError(ErrorCode::kLimitExceeded, kObject, support::kNowhere, "more documents than can be kept"));
}

}  // namespace
}  // namespace almanac::publish
