// The XML in which S3 lists a bucket, a page of up to 1,000 keys at a time.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
#pragma once

#include <almanac/store.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace almanac::internal {

struct ListPage {
  std::vector<ObjectInfo> objects;  // with whole keys
  std::string next;                 // the token of the page behind this one; empty when this is the last
};

// `object` is for messages. Throws Error kInputOutput for anything but such a page.
[[nodiscard]] ListPage parse_list_page(std::span<const std::byte> xml, const std::string& object);

}  // namespace almanac::internal
