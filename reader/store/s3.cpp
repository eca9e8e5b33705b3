#include "s3.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "backoff.h"
#include "credentials.h"
#include "http.h"
#include "http_status.h"
#include "object_response.h"
#include "percent_encoding.h"
#include "retry.h"
#include "s3_address.h"
#include "s3_error.h"
#include "s3_list.h"
#include "sigv4.h"

namespace almanac::internal {

namespace {

using std::chrono::system_clock;

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html
constexpr std::uint64_t kMostBytesOfPut = 5ULL * 1024 * 1024 * 1024;
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
constexpr std::size_t kLongestKey = 1024;
// A page of 1,000 keys of 1,024 bytes, each byte written as "%XX", stays below.
constexpr std::uint64_t kMostBytesOfPage = 16 * 1024 * 1024;
// Drawn for each conditional put and stored beside its object, to tell one's own write from another's of the same bytes.
constexpr const char* kMark = "x-amz-meta-almanac-put";

// At the least, before the outcome of a put is given up as unknown: that costs more than the wait.
constexpr int kLooks = 10;

constexpr const char* kUnknown = "; whether it was written is not known";

// Of an Error, without the object that it begins with.
std::string words_of(const Error& error) {
  const std::string_view words = error.what();
  const std::string start = error.object() + ": ";
  return std::string(words.starts_with(start) ? words.substr(start.size()) : words);
}

// Of the object, rather than of its bucket.
bool is_absent(const HttpResponse& response) {
  return response.status == http_status::kNotFound && s3_problem(response).code != "NoSuchBucket";
}

std::string random_mark() { return std::to_string(random_bits()) + '-' + std::to_string(random_bits()); }

std::string unquoted(const std::string& etag) {
  return etag.size() >= 2 && etag.front() == '"' && etag.back() == '"' ? etag.substr(1, etag.size() - 2) : etag;
}

class S3Store final : public Store {
 public:
  S3Store(std::string_view name, const StoreOptions& options, Environment environment)
      : name_(name),
        options_(options),
        address_(parse_s3_address(name)),
        location_(locate(address_, environment)),
        credentials_(environment, options.instance_credentials),
        client_({.options = options, .environment = std::move(environment)}) {
    policy_.max_attempts = options.max_attempts;
    while (name_.ends_with('/')) name_.pop_back();
  }

  [[nodiscard]] std::string_view name() const noexcept override { return name_; }
  [[nodiscard]] std::string identity() const override { return location_.bucket + '/' + address_.prefix; }
  [[nodiscard]] StoreTraffic traffic() const noexcept override { return client_.traffic(); }
  [[nodiscard]] std::optional<Object> get(std::string_view key, const GetOptions& options) override;
  [[nodiscard]] bool put(std::string_view key, std::span<const std::byte> bytes, const PutCondition& condition) override;
  [[nodiscard]] std::vector<ObjectInfo> list(std::string_view prefix) override;
  [[nodiscard]] bool remove(std::string_view key, const PutCondition& condition) override;

 private:
  // What is asked of the bucket, before it is signed.
  struct Asked {
    HttpRequest http;  // without its url
    std::string path;
    std::string query;
    std::string payload_hash = internal::payload_hash({});
  };
  struct ConditionalPut {
    Asked asked;
    std::string_view key;
    const PutCondition& condition;
    std::string mark = random_mark();
    bool refused_while_holding = false;  // by the last answer
    bool may_be_written = false;         // by an attempt that ended without a clear answer
  };
  enum class Outcome { kWritten, kNotHolding, kHolding };

  [[nodiscard]] Asked ask(std::string method, std::string_view key, Deadline deadline) const;
  [[nodiscard]] Asked ask_for(std::string_view key, const GetOptions& options) const;
  [[nodiscard]] HttpRequest signed_request(const Asked& asked, const AccessKey& key) const;
  [[nodiscard]] HttpResponse attempt(const Asked& asked);
  [[nodiscard]] HttpResponse send(const Asked& asked, int at_least_attempts = 1);
  [[nodiscard]] Object beyond_end(Asked asked, const GetOptions& options);
  [[nodiscard]] Error error_of(const HttpResponse& response, const std::string& object) const;

  [[nodiscard]] bool put_on_condition(ConditionalPut put);
  [[nodiscard]] HttpResponse attempt_on_condition(ConditionalPut& put, bool unquote);
  [[nodiscard]] Outcome look_again(const ConditionalPut& put);
  [[nodiscard]] HttpResponse remove_on_condition(const Asked& unconditional, const PutCondition& condition);

  std::string name_;
  StoreOptions options_;
  S3Address address_;
  S3Location location_;
  CredentialChain credentials_;
  HttpClient client_;
  RetryPolicy policy_;
  std::atomic<bool> unquote_if_match_ = false;  // this server's way, found out by trying
};

S3Store::Asked S3Store::ask(std::string method, std::string_view key, Deadline deadline) const {
  if (key.empty()) throw Error(ErrorCode::kInvalidArgument, name_, "the empty key names no object");
  const std::string whole = address_.prefix + std::string(key);
  Asked asked;
  asked.http.method = std::move(method);
  asked.http.object = name_ + '/' + std::string(key);
  asked.http.deadline = deadline;
  asked.path = location_.base_path + '/' + percent_encode(whole, "/");
  if (whole.size() > kLongestKey) throw Error(ErrorCode::kInvalidArgument, asked.http.object, "a key of S3 has at most 1,024 bytes");
  return asked;
}

HttpRequest S3Store::signed_request(const Asked& asked, const AccessKey& key) const {
  UnsignedRequest request{asked.http.method, asked.path, asked.query, asked.http.headers, asked.payload_hash};
  request.headers.emplace_back("host", location_.host);
  sign(request, {.region = location_.region, .time = system_clock::now()}, key);
  HttpRequest http = asked.http;
  http.headers = std::move(request.headers);
  http.url = location_.origin + asked.path;
  if (!asked.query.empty()) http.url += '?' + asked.query;
  return http;
}

// Sent once, or once more with a new key when the first had expired.
HttpResponse S3Store::attempt(const Asked& asked) {
  const AccessKey key = credentials_.key(asked.http.begin_by());
  HttpResponse response = client_.send(signed_request(asked, key));
  if ((response.status != http_status::kBadRequest && response.status != http_status::kForbidden) ||
      s3_problem(response).code != "ExpiredToken")
    return response;
  credentials_.forget(key);
  const AccessKey fresh = credentials_.key(asked.http.begin_by());
  return fresh == key ? response : client_.send(signed_request(asked, fresh));
}

HttpResponse S3Store::send(const Asked& asked, int at_least_attempts) {
  RetryPolicy policy = policy_;
  policy.max_attempts = std::max(policy.max_attempts, at_least_attempts);
  return send_with_retries(policy, asked.http.begin_by(), [&] { return attempt(asked); });
}

Error S3Store::error_of(const HttpResponse& response, const std::string& object) const {
  return s3_error(response, object, "s3://" + address_.bucket, location_.region, system_clock::now());
}

S3Store::Asked S3Store::ask_for(std::string_view key, const GetOptions& options) const {
  Asked asked = ask("GET", key, earlier(options.deadline, options_.total_timeout));
  asked.http = object_request(std::move(asked.http), options);
  return asked;
}

std::optional<Object> S3Store::get(std::string_view key, const GetOptions& options) {
  Asked asked = ask_for(key, options);
  HttpResponse response = send(asked);
  if (response.status == http_status::kRangeNotSatisfiable && response.header("content-range").empty())
    return beyond_end(std::move(asked), options);
  if (!is_object_status(response.status)) throw error_of(response, asked.http.object);
  return object_from(std::move(response), asked.http.object, options);
}

// S3 refuses a range behind the end without telling the size: it stands in the head.
Object S3Store::beyond_end(Asked asked, const GetOptions& options) {
  asked.http.method = "HEAD";
  asked.http.range.reset();
  const HttpResponse response = send(asked);
  if (!is_success(response.status)) throw error_of(response, asked.http.object);
  if (response.size > options.offset) throw Error(ErrorCode::kConflict, asked.http.object, "has changed while it was read");
  return {{}, std::string(response.header("etag")), response.size};
}

bool S3Store::put(std::string_view key, std::span<const std::byte> bytes, const PutCondition& condition) {
  Asked asked = ask("PUT", key, earlier(Deadline::max(), options_.total_timeout));
  if (bytes.size() > kMostBytesOfPut) {
    throw Error(ErrorCode::kLimitExceeded, asked.http.object, "has " + std::to_string(bytes.size()) + " bytes; S3 takes at most 5 GiB");
  }
  asked.http.body = bytes;
  asked.payload_hash = payload_hash(bytes);
  if (condition.kind != PutCondition::Kind::kNone) return put_on_condition({std::move(asked), key, condition});
  const HttpResponse response = send(asked);
  if (!is_success(response.status)) throw error_of(response, asked.http.object);
  return true;
}

// After 409, 412, a 5xx or a broken connection, it is unknown whether the bytes were written: the loser of a race gets any of
// them, and so does the winner whose first answer was lost. So the object is looked at again, and the outcome is told in
// the words of HTTP, for send_with_retries() to end or to repeat it: 200, 412, or an answer that it repeats. Where
// another version is found after an answer that was not clear, nobody can know: ours may have been written, and then
// replaced. (What is put if absent is taken for an object that nobody replaces.)
bool S3Store::put_on_condition(ConditionalPut put) {
  const std::string& object = put.asked.http.object;
  if (put.condition.kind == PutCondition::Kind::kIfMatch && put.condition.etag.empty()) {
    throw Error(ErrorCode::kUnsupported, object, "has no etag, without which it cannot be replaced on a condition");
  }
  try {
    const HttpResponse response =
        send_with_retries(policy_, put.asked.http.begin_by(), [&] { return attempt_on_condition(put, unquote_if_match_); });
    if (is_success(response.status)) return true;
    if (response.status == http_status::kPreconditionFailed) return false;
    if (put.refused_while_holding) throw Error(ErrorCode::kConflict, object, "was refused each time, though its condition held");
    throw error_of(response, object);
  } catch (const HttpFailure& failure) {
    if (!failure.may_have_arrived()) throw;
    throw Error(failure.code(), object, words_of(failure) + kUnknown);
  }
}

HttpResponse S3Store::attempt_on_condition(ConditionalPut& put, bool unquote) {
  const bool if_match = put.condition.kind == PutCondition::Kind::kIfMatch;
  Asked asked = put.asked;
  asked.http.headers.emplace_back(kMark, put.mark);
  if (if_match) {
    asked.http.headers.emplace_back("if-match", unquote ? unquoted(put.condition.etag) : put.condition.etag);
  } else {
    asked.http.headers.emplace_back("if-none-match", "*");
  }
  HttpResponse response;
  std::exception_ptr failure;
  try {
    response = attempt(asked);
    if (is_success(response.status) && unquote) unquote_if_match_ = true;
    const bool is_unclear = is_server_error(response.status) && response.status != http_status::kNotImplemented;
    const bool is_open = is_unclear || response.status == http_status::kConflict || response.status == http_status::kPreconditionFailed ||
                         is_absent(response);
    if (!is_open) return response;
    put.may_be_written |= is_unclear;
  } catch (const HttpFailure& caught) {
    if (!caught.may_have_arrived()) throw;
    failure = std::current_exception();
    put.may_be_written = true;
  }
  switch (look_again(put)) {
    case Outcome::kWritten: response.status = http_status::kOk; return response;
    case Outcome::kNotHolding:
      if (if_match && put.may_be_written) {
        throw Error(ErrorCode::kInputOutput, put.asked.http.object, std::string("has changed meanwhile") + kUnknown);
      }
      response.status = http_status::kPreconditionFailed;
      return response;
    case Outcome::kHolding: break;
  }
  if (failure) std::rethrow_exception(failure);
  // radosgw 16 knows the etag of If-Match only without its quotes.
  const bool has_other_form = if_match && !unquote && unquoted(put.condition.etag) != put.condition.etag;
  if (response.status == http_status::kPreconditionFailed && has_other_form) return attempt_on_condition(put, true);
  put.refused_while_holding = !is_server_error(response.status);
  if (put.refused_while_holding) response.status = http_status::kServiceUnavailable;
  return response;
}

// Asks for one byte: whose write it is stands in the head of the answer. Where that has no mark, because another client wrote
// it, or the server drops what it does not know, the bytes have to tell.
S3Store::Outcome S3Store::look_again(const ConditionalPut& put) {
  const std::string& object = put.asked.http.object;
  const bool if_match = put.condition.kind == PutCondition::Kind::kIfMatch;
  try {
    GetOptions options;
    options.size = 1;
    options.deadline = put.asked.http.deadline;
    HttpResponse response = send(ask_for(put.key, options), kLooks);
    const bool is_empty = response.status == http_status::kRangeNotSatisfiable;
    if (is_empty || (is_object_status(response.status) && response.header(kMark).empty())) {
      options.size.reset();
      response = send(ask_for(put.key, options), kLooks);
    }
    if (is_absent(response)) return if_match ? Outcome::kNotHolding : Outcome::kHolding;
    if (!is_object_status(response.status)) throw error_of(response, object);
    const std::string mark(response.header(kMark));
    const Object there = object_from(std::move(response), object, options).value();
    const bool is_ours = mark.empty() ? std::ranges::equal(there.bytes, put.asked.http.body) : mark == put.mark;
    if (is_ours) return Outcome::kWritten;
    return if_match && there.etag == put.condition.etag ? Outcome::kHolding : Outcome::kNotHolding;
  } catch (const Error& error) {
    throw Error(error.code(), object, words_of(error) + kUnknown);
  }
}

std::vector<ObjectInfo> S3Store::list(std::string_view prefix) {
  Asked asked;
  asked.http.object = name_ + '/' + std::string(prefix);
  asked.http.deadline = earlier(Deadline::max(), options_.total_timeout);
  asked.http.max_size = kMostBytesOfPage;
  asked.path = location_.base_path.empty() ? "/" : location_.base_path;
  const std::string whole = address_.prefix + std::string(prefix);
  std::vector<ObjectInfo> objects;
  for (std::string token;;) {
    std::vector<std::pair<std::string, std::string>> query{{"list-type", "2"}, {"encoding-type", "url"}, {"prefix", whole}};
    if (!token.empty()) query.emplace_back("continuation-token", token);
    asked.query = canonical_query(query);
    const HttpResponse response = send(asked);
    if (!is_success(response.status)) throw error_of(response, asked.http.object);
    ListPage page = parse_list_page(response.body, asked.http.object);
    for (ObjectInfo& object : page.objects) {
      if (!object.key.starts_with(whole)) {
        throw Error(ErrorCode::kInputOutput, asked.http.object, "the store's list has a key that was not asked for: " + object.key);
      }
      object.key.erase(0, address_.prefix.size());
      if (object.key.empty()) continue;  // the folder itself, which consoles make as an object of its own
      objects.push_back(std::move(object));
    }
    if (page.next.empty()) break;
    if (page.next == token) throw Error(ErrorCode::kInputOutput, asked.http.object, "the store's list goes round in a circle");
    token = std::move(page.next);
  }
  std::ranges::sort(objects, {}, &ObjectInfo::key);
  return objects;
}

// An attempt whose answer was lost may have removed it, and the next then finds nothing: gone, either way.
bool S3Store::remove(std::string_view key, const PutCondition& condition) {
  const Asked asked = ask("DELETE", key, earlier(Deadline::max(), options_.total_timeout));
  const HttpResponse response = condition.kind == PutCondition::Kind::kNone ? send(asked) : remove_on_condition(asked, condition);
  if (response.status == http_status::kPreconditionFailed) return false;
  if (!is_absent(response) && !is_success(response.status)) throw error_of(response, asked.http.object);
  return true;
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html: 412 says that the etag is another one, 409 that
// something else was done to the object at this moment.
HttpResponse S3Store::remove_on_condition(const Asked& unconditional, const PutCondition& condition) {
  const std::string& object = unconditional.http.object;
  if (condition.kind == PutCondition::Kind::kIfAbsent)
    throw Error(ErrorCode::kInvalidArgument, object, "cannot be removed on the condition that it is absent");
  if (condition.etag.empty())
    throw Error(ErrorCode::kUnsupported, object, "has no etag, without which it cannot be removed on a condition");
  const auto attempt_with = [&](const std::string& etag) {
    Asked asked = unconditional;
    asked.http.headers.emplace_back("if-match", etag);
    return attempt(asked);
  };
  return send_with_retries(policy_, unconditional.http.begin_by(), [&] {
    const std::string bare = unquoted(condition.etag);
    HttpResponse response = attempt_with(unquote_if_match_ ? bare : condition.etag);
    // As with puts, a server may know an etag only without its quotes.
    if (response.status == http_status::kPreconditionFailed && !unquote_if_match_ && bare != condition.etag) response = attempt_with(bare);
    if (response.status == http_status::kConflict) response.status = http_status::kServiceUnavailable;
    return response;
  });
}

}  // namespace

std::unique_ptr<Store> open_s3_store(std::string_view address, const StoreOptions& options, Environment environment) {
  return std::make_unique<S3Store>(address, options, std::move(environment));
}

}  // namespace almanac::internal
