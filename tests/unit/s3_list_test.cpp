#include "store/s3_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "bytes.h"
#include "support/error_matchers.h"

namespace almanac::internal {
namespace {

using support::error_from;
using testing::HasSubstr;

constexpr const char* kEntry = "<Contents><Key>k</Key><LastModified>2026-11-20T10:00:00.000Z</LastModified><Size>1</Size></Contents>";

std::string list_of(const std::string& content) {
  return R"(<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">)" + content +
         "</ListBucketResult>";
}

ListPage parse(const std::string& xml) { return parse_list_page(as_bytes(xml), "s3://acme/"); }

TEST(S3ListTest, reads_a_page) {
  const ListPage page = parse(
      list_of("<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><NextContinuationToken>a&amp;b=/+</NextContinuationToken>"
              "<Contents><Key>a+b%2B%C3%BC/%0A%25</Key><LastModified>2026-11-20T10:00:00.000Z</LastModified><ETag>&quot;1&quot;</ETag>"
              "<Size>18446744073709551615</Size></Contents>" +
              std::string(kEntry)));
  ASSERT_EQ(page.objects.size(), 2U);
  EXPECT_EQ(page.objects[0].key, "a b+ü/\n%");
  EXPECT_EQ(page.objects[0].size, UINT64_MAX);
  EXPECT_EQ(std::chrono::system_clock::to_time_t(page.objects[0].modified), 1'795'168'800);
  EXPECT_EQ(page.next, "a&b=/+");
}

TEST(S3ListTest, a_server_may_not_encode) {
  const ListPage page =
      parse(list_of("<IsTruncated>false</IsTruncated><NextContinuationToken>x</NextContinuationToken>"
                    "<Contents><Key>a+b%20&lt;</Key><LastModified>2026-11-20T10:00:00Z</LastModified><Size>0</Size></Contents>"));
  EXPECT_EQ(page.objects.at(0).key, "a+b%20<");
  EXPECT_EQ(page.next, "");
  EXPECT_TRUE(parse(list_of("")).objects.empty());
}

TEST(S3ListTest, what_is_no_such_page_is_an_error) {
  const std::string deep = [] {
    std::string text;
    for (int i = 0; i < 300'000; ++i) text += "<a>";
    return text;
  }();
  for (const auto& [xml, words] : {
           std::pair<std::string, const char*>("", "is no XML"),
           {"not xml at all", "is no XML"},
           {list_of(kEntry).substr(0, 150), "is no XML"},
           {deep, "is no XML"},
           {"<html></html>", "another document"},
           {"<Error><Code>SlowDown</Code></Error>", "another document"},
           {list_of("<Contents><Size>1</Size><LastModified>2026-11-20T10:00:00Z</LastModified></Contents>"), "without a key"},
           {list_of("<EncodingType>url</EncodingType><Contents><Key>%zz</Key></Contents>"), "without a key"},
           {list_of("<Contents><Key>k</Key></Contents>"), "without a size: k"},
           {list_of("<Contents><Key>k</Key><Size>-1</Size></Contents>"), "without a size: k"},
           {list_of("<Contents><Key>k</Key><Size>18446744073709551616</Size></Contents>"), "without a size: k"},
           {list_of("<Contents><Key>k</Key><Size>1 </Size></Contents>"), "without a size: k"},
           {list_of("<Contents><Key>k</Key><Size>1</Size><LastModified>today</LastModified></Contents>"), "without a time: k"},
           {list_of("<IsTruncated>true</IsTruncated>"), "does not say where"},
           // Entities of its own are not expanded, so none can grow.
           {"<!DOCTYPE l [<!ENTITY e \"1\">]>" + list_of("<Contents><Key>k</Key><Size>&e;</Size></Contents>"), "without a size"},
       }) {
    const Error error = error_from([&] { (void)parse(xml); });
    EXPECT_EQ(error.code(), ErrorCode::kInputOutput);
    EXPECT_EQ(error.object(), "s3://acme/");
    EXPECT_THAT(error.what(), HasSubstr(words));
  }
}

}  // namespace
}  // namespace almanac::internal
