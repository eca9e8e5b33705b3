#include "object_response.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "bytes.h"

namespace almanac::internal {

namespace {

constexpr int kOk = 200;
constexpr int kPartialContent = 206;
constexpr int kNotModified = 304;
constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;
constexpr int kGone = 410;
constexpr int kPreconditionFailed = 412;
constexpr int kRangeNotSatisfiable = 416;

// Takes a decimal number off the front of `text`.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

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
  if (!take(text, "bytes */")) return std::nullopt;
  const auto total = take_number(text);
  return text.empty() ? total : std::nullopt;
}

[[noreturn]] void refuse(const std::string& object, std::string_view problem) { throw Error(ErrorCode::kInputOutput, object, problem); }

std::uint64_t size_of_partial(const HttpResponse& response, const std::string& object, const GetOptions& options) {
  const std::string text(response.header("content-range"));
  const auto range = parse_content_range(text);
  const std::uint64_t most = std::max<std::uint64_t>(options.size.value_or(UINT64_MAX), 1);
  if (!range || range->offset != options.offset || range->size != response.body.size() || range->size > most) {
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

HttpRequest object_request(std::string url, std::string object, const GetOptions& options) {
  HttpRequest request{.url = std::move(url), .object = std::move(object)};
  if (options.offset != 0 || options.size) {
    request.range = ByteRange{.offset = options.offset, .size = options.size};
    // There is no way to write a range of no bytes: one is asked for, and dropped again.
    if (options.size == 0U) request.range->size = 1;
  }
  if (!options.if_none_match.empty()) request.headers.emplace_back("If-None-Match", options.if_none_match);
  if (!options.if_match.empty()) request.headers.emplace_back("If-Match", options.if_match);
  request.max_size = options.size == 0U ? 1 : options.max_size;
  return request;
}

bool is_object_status(int status) noexcept {
  return status == kOk || status == kPartialContent || status == kNotModified || status == kRangeNotSatisfiable;
}

std::optional<Object> object_from(HttpResponse response, const std::string& object, const GetOptions& options) {
  const bool is_range = options.offset != 0 || options.size;
  if (response.status == kNotModified) {
    if (options.if_none_match.empty()) refuse(object, "was answered with status 304 without having been asked whether it changed");
    return std::nullopt;
  }
  if (!is_range && response.status != kOk) refuse(object, "was answered with a part of it where all was asked for");
  const std::string_view encoding = response.header("content-encoding");
  if (!encoding.empty() && encoding != "identity") {
    refuse(object, "came with content-encoding " + std::string(encoding) + "; objects are stored and served as they are");
  }
  Object result;
  result.etag = response.header("etag");
  // Not every server looks at conditions.
  if (!options.if_match.empty() && !result.etag.empty() && result.etag != options.if_match) throw refusal(kPreconditionFailed, object, {});
  if (!options.if_none_match.empty() && result.etag == options.if_none_match) return std::nullopt;
  if (response.status == kRangeNotSatisfiable) {
    result.size = size_of_unsatisfied(response, object, options);
    return result;
  }
  result.size = response.status == kOk ? response.size : size_of_partial(response, object, options);
  result.bytes = std::move(response.body);
  if (options.size == 0U) result.bytes.clear();
  return result;
}

Error refusal(int status, const std::string& object, std::string_view detail) {
  const auto with_detail = [&](std::string problem) { return detail.empty() ? problem : problem.append(": ").append(detail); };
  switch (status) {
    case kNotFound:
    case kGone: return {ErrorCode::kNotFound, object, "the store has no such object"};
    case kPreconditionFailed: return {ErrorCode::kConflict, object, "has changed meanwhile"};
    case kUnauthorized:
    case kForbidden: return {ErrorCode::kPermissionDenied, object, with_detail("may not be read: status " + std::to_string(status))};
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
