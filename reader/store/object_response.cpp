#include "object_response.h"

#include <algorithm>
#include <utility>

#include "ascii.h"
#include "bytes.h"
#include "http_status.h"

namespace almanac::internal {

namespace {

bool take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

struct ContentRange {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint64_t total = 0;
};

// "bytes 0-99/1234", RFC 9110, section 14.4.
std::optional<ContentRange> parse_content_range(std::string_view text) {
  if (!take(text, "bytes ")) return std::nullopt;
  const auto first = take_number(text);
  if (!first || !take(text, "-")) return std::nullopt;
  const auto last = take_number(text);
  if (!last || !take(text, "/")) return std::nullopt;
  const auto total = take_number(text);
  if (!total || !text.empty() || *first > *last || *last >= *total) return std::nullopt;
  return ContentRange{*first, *last - *first + 1, *total};
}

// "bytes */1234": of a range that was not there.
std::optional<std::uint64_t> parse_unsatisfied_range(std::string_view text) {
  return take(text, "bytes */") ? parse_number(text) : std::nullopt;
}

[[noreturn]] void refuse(const std::string& object, std::string_view problem) { throw Error(ErrorCode::kInputOutput, object, problem); }

std::uint64_t size_of_partial(const HttpResponse& response, const std::string& object, const GetOptions& options) {
  const std::string text(response.header("content-range"));
  const auto range = parse_content_range(text);
  const std::uint64_t most = std::max<std::uint64_t>(options.size.value_or(UINT64_MAX), 1);
  if (!range || range->offset != options.offset || range->size != response.body.size() + response.body_put || range->size > most) {
    refuse(object, "was answered with another part of it than was asked for: content-range \"" + text + "\"");
  }
  return range->total;
}

std::uint64_t size_of_unsatisfied(const HttpResponse& response, const std::string& object, const GetOptions& options) {
  const std::string text(response.header("content-range"));
  const auto total = parse_unsatisfied_range(text);
  if (!total || *total > options.offset)
    refuse(object, "was not answered with the part asked for: status 416, content-range \"" + text + "\"");
  return *total;
}

}  // namespace

HttpRequest object_request(HttpRequest request, const GetOptions& options) {
  if (options.offset != 0 || options.size) {
    request.range = ByteRange{.offset = options.offset, .size = options.size};
    // There is no way to write a range of no bytes: one is asked for, and dropped again.
    if (options.size == 0U) request.range->size = 1;
  }
  if (!options.if_none_match.empty()) request.headers.emplace_back("If-None-Match", options.if_none_match);
  if (!options.if_match.empty()) request.headers.emplace_back("If-Match", options.if_match);
  request.max_size = options.size == 0U ? 1 : options.max_size;
  request.into = options.into;
  request.answer_by = options.answer_by;
  return request;
}

bool is_object_status(int status) noexcept {
  return status == http_status::kOk || status == http_status::kPartialContent || status == http_status::kNotModified ||
         status == http_status::kRangeNotSatisfiable;
}

std::optional<Object> object_from(HttpResponse response, const std::string& object, const GetOptions& options) {
  const bool is_range = options.offset != 0 || options.size;
  if (response.status == http_status::kNotModified) {
    if (options.if_none_match.empty()) refuse(object, "was answered with status 304 without having been asked whether it changed");
    return std::nullopt;
  }
  if (!is_range && response.status != http_status::kOk) refuse(object, "was answered with a part of it where all was asked for");
  const std::string_view encoding = response.header("content-encoding");
  if (!encoding.empty() && encoding != "identity") {
    refuse(object, "came with content-encoding " + std::string(encoding) + "; objects are stored and served as they are");
  }
  Object result;
  result.etag = response.header("etag");
  // Not every server looks at conditions.
  if (!options.if_match.empty() && !result.etag.empty() && result.etag != options.if_match)
    throw refusal(http_status::kPreconditionFailed, object, {});
  if (!options.if_none_match.empty() && result.etag == options.if_none_match) return std::nullopt;
  if (response.status == http_status::kRangeNotSatisfiable) {
    result.size = size_of_unsatisfied(response, object, options);
    return result;
  }
  result.size = response.status == http_status::kOk ? response.size : size_of_partial(response, object, options);
  result.bytes = std::move(response.body);
  result.bytes_put = response.body_put;
  if (options.size == 0U) {
    result.bytes.clear();
    result.bytes_put = 0;
  }
  return result;
}

Error refusal(int status, const std::string& object, std::string_view detail) {
  const auto with_detail = [&](std::string problem) { return detail.empty() ? problem : problem.append(": ").append(detail); };
  switch (status) {
    case http_status::kNotFound:
    case http_status::kGone: return {ErrorCode::kNotFound, object, "the store has no such object"};
    case http_status::kPreconditionFailed: return {ErrorCode::kConflict, object, "has changed meanwhile"};
    case http_status::kUnauthorized:
    case http_status::kForbidden:
      return {ErrorCode::kPermissionDenied, object, with_detail("may not be read: status " + std::to_string(status))};
    default: return {ErrorCode::kInputOutput, object, with_detail("the store answered with status " + std::to_string(status))};
  }
}

std::string excerpt(std::span<const std::byte> body) {
  constexpr std::size_t kLongest = 200;
  std::string text;
  for (const char c : as_text(body)) {
    if (text.size() == kLongest) return text + "…";
    const bool is_printable = c > ' ' && c < '\x7F';
    if (is_printable) {
      text += c;
    } else if (!text.empty() && text.back() != ' ') {
      text += ' ';
    }
  }
  if (text.ends_with(' ')) text.pop_back();
  return text;
}

}  // namespace almanac::internal
