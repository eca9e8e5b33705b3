#include "http.h"

#include <almanac/version.h>
#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <new>

#include "curl_option.h"
#include "http_exchange.h"
#include "tls_roots.h"

namespace almanac::internal {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Servers and the translators of addresses between drop what is idle, and a frozen process does not see them do it.
constexpr std::chrono::seconds kMaxIdle{30};
constexpr milliseconds kLongestPoll{1000};
constexpr long kMaxRedirects = 3;

struct FreeHeaders {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeHeaders>;

void append(HeaderList& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  (void)list.release();
  list.reset(longer);
}

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return std::iscntrl(c) != 0; });
}

HeaderList header_lines(const HttpRequest& request) {
  HeaderList lines;
  for (const auto& [name, value] : request.headers) {
    if (has_control_characters(name) || has_control_characters(value)) {
      throw Error(ErrorCode::kInvalidArgument, request.object, "cannot be asked for: control characters in the header " + name);
    }
    append(lines, name + ": " + value);
  }
  // libcurl would send these two by itself; an encoding would have to be undone before any digest holds.
  for (const char* line : {"Expect:", "Content-Type:", "Accept-Encoding: identity"}) append(lines, line);
  return lines;
}

std::string range_text(const ByteRange& range) {
  // Servers count in signed numbers; what reaches further is the rest.
  constexpr std::uint64_t kMost = INT64_MAX;
  const std::string first = std::to_string(range.offset) + "-";
  if (!range.size || range.offset > kMost || *range.size > kMost - range.offset) return first;
  return first + std::to_string(range.offset + *range.size - 1);
}

void start_library() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw Error(ErrorCode::kInputOutput, "libcurl", curl_easy_strerror(code));
}

[[noreturn]] void fail_unanswered(const HttpRequest& request, bool sent) {
  const auto waited = std::max(std::chrono::round<milliseconds>(request.answer_by - request.since), milliseconds(0));
  throw HttpFailure(ErrorCode::kTimedOut, request.object, "no answer within " + std::to_string(waited.count()) + " ms", sent, false);
}

// Of milliseconds until `moment`, at least one: libcurl takes 0 for "no limit".
long milliseconds_until(Deadline moment) {
  const auto left = std::chrono::ceil<milliseconds>(moment - steady_clock::now());
  return std::clamp<long>(left.count(), 1, INT32_MAX);
}

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const noexcept {
  const auto found = std::ranges::find(headers, name, &std::pair<std::string, std::string>::first);
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

class HttpClient::Connection {
 public:
  Connection() : easy_(curl_easy_init()), multi_(curl_multi_init()) {
    if (!easy_ || !multi_) throw std::bad_alloc();
  }

  [[nodiscard]] CURL* handle() const noexcept { return easy_.get(); }
  void prepare(const HttpRequest& request, const HttpSettings& settings);
  enum class Ended { kByItself, kSilent, kUnanswered };
  // Silent: nothing moved for the time that StoreOptions allow. Unanswered: no headers came by request.answer_by.
  [[nodiscard]] Ended run(const HttpRequest& request, const HttpExchange& exchange, milliseconds longest_silence);
  [[noreturn]] void fail(const HttpRequest& request, const HttpExchange& exchange) const;
  [[nodiscard]] CURLcode result() const noexcept { return result_; }
  void rest() noexcept { idle_since_ = std::chrono::system_clock::now(); }

 private:
  void set_limits(const HttpRequest& request, const HttpSettings& settings);
  void set_method(const HttpRequest& request);

  struct FreeEasy {
    void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
  };
  struct FreeMulti {
    void operator()(CURLM* multi) const noexcept { (void)curl_multi_cleanup(multi); }
  };
  std::unique_ptr<CURL, FreeEasy> easy_;
  std::unique_ptr<CURLM, FreeMulti> multi_;  // holds the sockets
  HeaderList headers_;
  std::array<char, CURL_ERROR_SIZE> words_{};
  CURLcode result_ = CURLE_OK;
  std::chrono::system_clock::time_point idle_since_;  // of the wall clock, which goes on while a process is frozen
};

void HttpClient::Connection::prepare(const HttpRequest& request, const HttpSettings& settings) {
  curl_easy_reset(handle());
  result_ = CURLE_OK;
  words_.front() = '\0';
  headers_ = header_lines(request);
  set_option(handle(), CURLOPT_ERRORBUFFER, words_.data());
  set_option(handle(), CURLOPT_HTTPHEADER, headers_.get());
  set_option(handle(), CURLOPT_USERAGENT, (std::string("almanac/") + library_version()).c_str());
  set_option(handle(), CURLOPT_URL, request.url.c_str());
  set_option(handle(), CURLOPT_PATH_AS_IS, 1L);
  // One object at a time: HTTP/2 would add frames and settings to a cold start, and nothing to gain.
  set_option(handle(), CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  set_option(handle(), CURLOPT_PROTOCOLS_STR, "http,https");
  set_option(handle(), CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  set_option(handle(), CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (settings.bypass_proxy) set_option(handle(), CURLOPT_NOPROXY, "*");
  if (request.range) set_option(handle(), CURLOPT_RANGE, range_text(*request.range).c_str());
  if (settings.follow_redirects && (request.method == "GET" || request.method == "HEAD")) {
    set_option(handle(), CURLOPT_FOLLOWLOCATION, 1L);
    set_option(handle(), CURLOPT_MAXREDIRS, kMaxRedirects);
    set_option(handle(), CURLOPT_REDIR_PROTOCOLS_STR, request.url.starts_with("https:") ? "https" : "http,https");
  }
  set_limits(request, settings);
  set_method(request);
}

void HttpClient::Connection::set_limits(const HttpRequest& request, const HttpSettings& settings) {
  set_option(handle(), CURLOPT_NOSIGNAL, 1L);
  // A name server that does not answer is left behind with the thread that asks it, rather than waited for.
  set_option(handle(), CURLOPT_QUICK_EXIT, 1L);
  set_option(handle(), CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.options.connect_timeout.count()));
  if (request.deadline != Deadline::max()) set_option(handle(), CURLOPT_TIMEOUT_MS, milliseconds_until(request.deadline));
  const auto idle = std::chrono::system_clock::now() - idle_since_;
  const bool is_fresh = idle >= idle.zero() && idle <= kMaxIdle;
  set_option(handle(), CURLOPT_FRESH_CONNECT, is_fresh ? 0L : 1L);
}

void HttpClient::Connection::set_method(const HttpRequest& request) {
  if (request.method == "HEAD") {
    set_option(handle(), CURLOPT_NOBODY, 1L);
    return;
  }
  if (request.method == "PUT" || !request.body.empty()) {
    set_option(handle(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set_option(handle(), CURLOPT_POSTFIELDS, request.body.empty() ? static_cast<const void*>("") : request.body.data());
  }
  if (request.method != "GET") set_option(handle(), CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

HttpClient::Connection::Ended HttpClient::Connection::run(const HttpRequest& request, const HttpExchange& exchange,
                                                          milliseconds longest_silence) {
  if (curl_multi_add_handle(multi_.get(), handle()) != CURLM_OK) throw std::bad_alloc();
  Ended ended = Ended::kByItself;
  for (int running = 1; running != 0;) {
    CURLMcode code = curl_multi_perform(multi_.get(), &running);
    if (code == CURLM_OK && running != 0) {
      const auto now = steady_clock::now();
      const Deadline silent_at = exchange.sent() ? exchange.last_moved() + longest_silence : Deadline::max();
      const Deadline unanswered_at = exchange.answered() ? Deadline::max() : request.answer_by;
      if (now >= std::min(silent_at, unanswered_at)) {
        ended = now >= unanswered_at ? Ended::kUnanswered : Ended::kSilent;
        break;
      }
      const auto wait = std::min(std::chrono::ceil<milliseconds>(std::min(silent_at, unanswered_at) - now), kLongestPoll);
      code = curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(wait.count()), nullptr);
    }
    if (code != CURLM_OK) {
      result_ = code == CURLM_OUT_OF_MEMORY ? CURLE_OUT_OF_MEMORY : CURLE_FAILED_INIT;
      break;
    }
  }
  int left = 0;
  if (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left); message != nullptr) result_ = message->data.result;
  (void)curl_multi_remove_handle(multi_.get(), handle());
  return ended;
}

void HttpClient::Connection::fail(const HttpRequest& request, const HttpExchange& exchange) const {
  if (result_ == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
  std::string problem = exchange.sent() ? "no whole answer: " : "cannot be reached: ";
  problem += words_.front() != '\0' ? words_.data() : curl_easy_strerror(result_);
  long verified = 0;
  if (result_ == CURLE_PEER_FAILED_VERIFICATION) (void)curl_easy_getinfo(handle(), CURLINFO_SSL_VERIFYRESULT, &verified);
  problem += advice_on_verification(verified);
  switch (result_) {
    case CURLE_OPERATION_TIMEDOUT: throw HttpFailure(ErrorCode::kTimedOut, request.object, problem, exchange.sent(), true);
    // What stays so, however often it is tried.
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_TOO_MANY_REDIRECTS:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_FAILED_INIT: throw HttpFailure(ErrorCode::kInputOutput, request.object, problem, exchange.sent(), false);
    default: throw HttpFailure(ErrorCode::kInputOutput, request.object, problem, exchange.sent(), true);
  }
}

HttpClient::HttpClient(HttpSettings settings) : settings_(std::move(settings)) { start_library(); }

HttpClient::~HttpClient() = default;

std::unique_ptr<HttpClient::Connection> HttpClient::borrow() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return std::make_unique<Connection>();
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void HttpClient::give_back(std::unique_ptr<Connection> connection) {
  connection->rest();
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(connection));
}

TlsRoots& HttpClient::roots() {
  const std::lock_guard lock(mutex_);
  if (!roots_) roots_ = std::make_unique<TlsRoots>(RootPlaces::of(settings_.environment));
  return *roots_;
}

HttpResponse HttpClient::send(const HttpRequest& request) {
  const auto now = steady_clock::now();
  if (request.deadline <= now) throw HttpFailure(ErrorCode::kTimedOut, request.object, "no time was left to ask for it", false, false);
  if (request.answer_by <= now) fail_unanswered(request, false);
  auto connection = borrow();
  connection->prepare(request, settings_);
  if (settings_.follow_redirects || request.url.starts_with("https:")) roots().configure(connection->handle());
  HttpExchange exchange(request, settings_.options, connection->handle());
  exchange.attach();
  const Connection::Ended ended = connection->run(request, exchange, settings_.options.first_byte_timeout);
  requests_ += std::max<std::uint64_t>(exchange.requests(), 1);
  bytes_ += exchange.received();
  if (exchange.failure()) std::rethrow_exception(exchange.failure());
  if (ended == Connection::Ended::kSilent) {
    const std::string silence = std::to_string(settings_.options.first_byte_timeout.count()) + " ms";
    throw HttpFailure(ErrorCode::kTimedOut, request.object, "no whole answer: nothing came for " + silence, true, true);
  }
  if (ended == Connection::Ended::kUnanswered) fail_unanswered(request, exchange.sent());
  if (connection->result() != CURLE_OK && !exchange.has_enough()) connection->fail(request, exchange);
  HttpResponse response = exchange.take_response();
  give_back(std::move(connection));
  return response;
}

}  // namespace almanac::internal
