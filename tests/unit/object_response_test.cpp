#include "store/object_response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <string>
#include <utility>

#include "bytes.h"
#include "http_requests.h"
#include "support/error_matchers.h"

namespace almanac::internal {
namespace {

using support::answer;
using support::error_from;
using support::IsError;
using support::kNowhere;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

GetOptions range(std::uint64_t offset, std::optional<std::uint64_t> size) {
  GetOptions options;
  options.offset = offset;
  options.size = size;
  return options;
}

TEST(ObjectRequest, asks_for_what_the_options_say) {
  GetOptions options = range(10, 5);
  options.if_none_match = "\"a\"";
  options.if_match = "W/\"b\"";
  options.max_size = 99;
  std::array<std::byte, 99> memory{};
  options.into = memory;
  options.answer_by = Deadline(std::chrono::seconds(7));
  const HttpRequest request = object_request({.url = "http://x/current", .object = "s3://x/current"}, options);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.url, "http://x/current");
  EXPECT_EQ(request.object, "s3://x/current");
  EXPECT_THAT(request.headers, ElementsAre(Pair("If-None-Match", "\"a\""), Pair("If-Match", "W/\"b\"")));
  EXPECT_EQ(request.range.value().offset, 10U);
  EXPECT_EQ(request.range.value().size, 5U);
  EXPECT_EQ(request.max_size, 99U);
  EXPECT_EQ(request.into.data(), memory.data());
  EXPECT_EQ(request.answer_by, options.answer_by);
  const HttpRequest whole = object_request({}, {});
  EXPECT_FALSE(whole.range);
  EXPECT_THAT(whole.headers, IsEmpty());
  EXPECT_EQ(object_request({}, range(3, {})).range.value().size, std::nullopt);
}

TEST(ObjectRequest, no_bytes_are_asked_for_as_one) {
  GetOptions options = range(0, 0);
  options.max_size = 0;
  const HttpRequest request = object_request({}, options);
  EXPECT_EQ(request.range.value().size, 1U);
  EXPECT_EQ(request.max_size, 1U);
}

TEST(ObjectFrom, takes_the_whole_and_parts) {
  const Object whole = object_from(answer(200, "0123456789", {{"etag", "W/\"1\""}}), "x", {}).value();
  EXPECT_EQ(as_text(whole.bytes), "0123456789");
  EXPECT_EQ(whole.size, 10U);
  EXPECT_EQ(whole.etag, "W/\"1\"");
  const Object part = object_from(answer(206, "234", {{"content-range", "bytes 2-4/10"}}), "x", range(2, 3)).value();
  EXPECT_EQ(as_text(part.bytes), "234");
  EXPECT_EQ(part.size, 10U);
  EXPECT_EQ(part.etag, "");
  // The object ends before the range does.
  EXPECT_EQ(object_from(answer(206, "89", {{"content-range", "bytes 8-9/10"}}), "x", range(8, 100)).value().bytes.size(), 2U);
  EXPECT_EQ(object_from(answer(206, "89", {{"content-range", "bytes 8-9/10"}}), "x", range(8, {})).value().size, 10U);
  // A server that knows no ranges; the client has cut this one out.
  HttpResponse cut = answer(200, "234");
  cut.size = 10;
  EXPECT_EQ(object_from(std::move(cut), "x", range(2, 3)).value().size, 10U);
}

TEST(ObjectFrom, no_bytes_is_a_range_too) {
  const Object none = object_from(answer(206, "0", {{"content-range", "bytes 0-0/10"}, {"etag", "\"1\""}}), "x", range(0, 0)).value();
  EXPECT_THAT(none.bytes, IsEmpty());
  EXPECT_EQ(none.size, 10U);
  EXPECT_EQ(none.etag, "\"1\"");
}

TEST(ObjectFrom, bytes_that_were_put_elsewhere_count) {
  HttpResponse put = answer(206, "", {{"content-range", "bytes 2-4/10"}});
  put.body_put = 3;
  const Object part = object_from(put, "x", range(2, 3)).value();
  EXPECT_EQ(part.bytes_put, 3U);
  EXPECT_THAT(part.bytes, IsEmpty());
  put.body_put = 2;
  EXPECT_EQ(error_from([&] { (void)object_from(put, "x", range(2, 3)); }).code(), ErrorCode::kInputOutput);
  HttpResponse one = answer(206, "", {{"content-range", "bytes 0-0/10"}});
  one.body_put = 1;
  EXPECT_EQ(object_from(one, "x", range(0, 0)).value().bytes_put, 0U);
}

TEST(ObjectFrom, a_range_behind_the_end_has_no_bytes) {
  for (const std::uint64_t size : {10U, 0U}) {
    const Object object = object_from(answer(416, "no", {{"content-range", "bytes */" + std::to_string(size)}}), "x", range(10, 5)).value();
    EXPECT_THAT(object.bytes, IsEmpty());
    EXPECT_EQ(object.size, size);
  }
  for (const char* text :
       {"", "bytes */", "bytes */x", "bytes */11", "bytes */10 ", "bytes */-1", "bytes */99999999999999999999", "*/10"}) {
    EXPECT_THAT(error_from([&] {
                  (void)object_from(answer(416, "no", {{"content-range", text}}), "x", range(10, 5));
                }),
                IsError(ErrorCode::kInputOutput, "x", kNowhere, "status 416"))
        << text;
  }
}

TEST(ObjectFrom, another_part_is_refused) {
  for (const char* text :
       {"", "bytes 2-4/*", "bytes 3-5/10", "bytes 2-5/10", "bytes 2-3/10", "bytes 4-2/10", "bytes 2-4/4", "bytes 2-4/10x", "bytes 2-4",
        "bits 2-4/10", "bytes  2-4/10", "bytes -2-4/10", "bytes 2-18446744073709551615/18446744073709551615"}) {
    EXPECT_THAT(error_from([&] {
                  (void)object_from(answer(206, "234", {{"content-range", text}}), "x", range(2, 3));
                }),
                IsError(ErrorCode::kInputOutput, "x", kNowhere, "another part"))
        << text;
  }
  EXPECT_THAT(error_from([&] {
                (void)object_from(answer(206, "2345", {{"content-range", "bytes 2-5/10"}}), "x", range(2, 3));
              }),
              IsError(ErrorCode::kInputOutput, "x", kNowhere, "another part"));
  for (const int status : {206, 416}) {
    EXPECT_THAT(error_from([&] {
                  (void)object_from(answer(status, "2", {{"content-range", "bytes 0-0/1"}}), "x", {});
                }),
                IsError(ErrorCode::kInputOutput, "x", kNowhere, "a part of it where all was asked for"));
  }
}

TEST(ObjectFrom, nothing_has_changed) {
  GetOptions options;
  options.if_none_match = "\"1\"";
  EXPECT_FALSE(object_from(answer(304, ""), "x", options));
  // From a server that looks at no conditions.
  EXPECT_FALSE(object_from(answer(200, "abc", {{"etag", "\"1\""}}), "x", options));
  EXPECT_TRUE(object_from(answer(200, "abc", {{"etag", "\"2\""}}), "x", options));
  EXPECT_TRUE(object_from(answer(200, "abc"), "x", options));
  EXPECT_THAT(error_from([&] { (void)object_from(answer(304, ""), "x", {}); }),
              IsError(ErrorCode::kInputOutput, "x", kNowhere, "304 without"));
}

TEST(ObjectFrom, another_version_is_a_conflict) {
  GetOptions options;
  options.if_match = "\"1\"";
  EXPECT_TRUE(object_from(answer(200, "abc", {{"etag", "\"1\""}}), "x", options));
  EXPECT_THAT(error_from([&] {
                (void)object_from(answer(200, "abc", {{"etag", "\"2\""}}), "x", options);
              }),
              IsError(ErrorCode::kConflict, "x", kNowhere, "changed"));
}

TEST(ObjectFrom, an_encoding_is_not_taken_for_the_object) {
  EXPECT_THAT(error_from([&] {
                (void)object_from(answer(200, "abc", {{"content-encoding", "gzip"}}), "x", {});
              }),
              IsError(ErrorCode::kInputOutput, "x", kNowhere, "content-encoding gzip"));
  EXPECT_TRUE(object_from(answer(200, "abc", {{"content-encoding", "identity"}}), "x", {}));
}

TEST(Refusal, each_status_has_its_code) {
  const std::pair<int, ErrorCode> codes[] = {{404, ErrorCode::kNotFound},         {410, ErrorCode::kNotFound},
                                             {412, ErrorCode::kConflict},         {401, ErrorCode::kPermissionDenied},
                                             {403, ErrorCode::kPermissionDenied}, {500, ErrorCode::kInputOutput},
                                             {302, ErrorCode::kInputOutput},      {204, ErrorCode::kInputOutput}};
  for (const auto& [status, code] : codes) {
    EXPECT_FALSE(is_object_status(status));
    EXPECT_EQ(refusal(status, "x", "because").code(), code) << status;
  }
  for (const int status : {200, 206, 304, 416}) EXPECT_TRUE(is_object_status(status));
  EXPECT_STREQ(refusal(404, "x", "").what(), "x: the store has no such object");
  EXPECT_STREQ(refusal(503, "x", "Slow Down").what(), "x: the store answered with status 503: Slow Down");
  EXPECT_STREQ(refusal(503, "x", "").what(), "x: the store answered with status 503");
}

TEST(Excerpt, is_short_and_printable) {
  EXPECT_EQ(excerpt(as_bytes("<html>\r\n\t <b>Bad\x1B[31m Gateway</b>\n")), "<html> <b>Bad [31m Gateway</b>");
  EXPECT_EQ(excerpt({}), "");
  EXPECT_EQ(excerpt(as_bytes(std::string(200, 'x'))), std::string(200, 'x'));
  EXPECT_EQ(excerpt(as_bytes(std::string(201, 'x'))), std::string(200, 'x') + "…");
}

}  // namespace
}  // namespace almanac::internal
