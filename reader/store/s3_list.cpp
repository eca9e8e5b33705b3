#include "s3_list.h"

#include <almanac/error.h>

#include <algorithm>
#include <optional>
#include <pugixml.hpp>
#include <string_view>
#include <utility>

#include "ascii.h"
#include "percent_encoding.h"
#include "rfc3339.h"

namespace almanac::internal {

namespace {

// With encoding-type=url, AWS writes a space as "+" and a plus sign as "%2B".
std::optional<std::string> decode_key(std::string key) {
  std::ranges::replace(key, '+', ' ');
  return percent_decode(key);
}

}  // namespace

ListPage parse_list_page(std::span<const std::byte> xml, const std::string& object) {
  const auto fail = [&](const std::string& problem) { throw Error(ErrorCode::kInputOutput, object, "the store's list " + problem); };
  pugi::xml_document document;
  const pugi::xml_parse_result result = document.load_buffer(xml.data(), xml.size());
  if (!result) fail("is no XML: " + std::string(result.description()) + " at byte " + std::to_string(result.offset));
  const pugi::xml_node list = document.child("ListBucketResult");
  if (!list) fail("is another document than a ListBucketResult");

  const bool is_encoded = std::string_view(list.child_value("EncodingType")) == "url";
  ListPage page;
  for (const pugi::xml_node entry : list.children("Contents")) {
    std::string key = entry.child_value("Key");
    std::optional<std::string> decoded = is_encoded ? decode_key(std::move(key)) : std::move(key);
    if (!decoded || decoded->empty()) fail("has an entry without a key that can be read");
    const std::optional<std::uint64_t> size = parse_number(entry.child_value("Size"));
    if (!size) fail("has an entry without a size: " + *decoded);
    const auto modified = parse_rfc3339(entry.child_value("LastModified"));
    if (!modified) fail("has an entry without a time: " + *decoded);
    page.objects.push_back({*std::move(decoded), *size, time_of(modified)});
  }
  if (std::string_view(list.child_value("IsTruncated")) == "true") {
    page.next = list.child_value("NextContinuationToken");
    if (page.next.empty()) fail("goes on, but does not say where");
  }
  return page;
}

}  // namespace almanac::internal
