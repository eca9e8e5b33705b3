#include "https.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http.h"
#include "object_response.h"
#include "percent_encoding.h"
#include "retry.h"
#include "url.h"

namespace almanac::internal {

namespace {

class HttpsStore final : public Store {
 public:
  HttpsStore(std::string root, const HttpSettings& settings)
      : root_(std::move(root)), total_timeout_(settings.options.total_timeout), client_(settings) {
    policy_.max_attempts = settings.options.max_attempts;
  }

  [[nodiscard]] std::string_view name() const noexcept override { return root_; }

  [[nodiscard]] std::optional<Object> get(std::string_view key, const GetOptions& options) override {
    const std::string object = root_ + "/" + std::string(key);
    const HttpRequest request =
        object_request({.url = url_of(key), .object = object, .deadline = earlier(options.deadline, total_timeout_)}, options);
    HttpResponse response = send_with_retries(policy_, request.begin_by(), [&] { return client_.send(request); });
    if (!is_object_status(response.status)) throw refusal(response.status, object, excerpt(response.body));
    return object_from(std::move(response), object, options);
  }

  [[nodiscard]] bool put(std::string_view /*key*/, std::span<const std::byte> /*bytes*/, const PutCondition& /*condition*/) override {
    refuse("is read-only: publish to s3://… or a directory");
  }
  [[nodiscard]] std::vector<ObjectInfo> list(std::string_view /*prefix*/) override {
    refuse("cannot be listed over http: list it where it is published, in s3://… or a directory");
  }
  [[nodiscard]] bool remove(std::string_view /*key*/, const PutCondition& /*condition*/) override {
    refuse("is read-only: remove from s3://… or a directory");
  }

  [[nodiscard]] StoreTraffic traffic() const noexcept override { return client_.traffic(); }

 private:
  [[noreturn]] void refuse(std::string_view problem) const { throw Error(ErrorCode::kUnsupported, root_, problem); }

  [[nodiscard]] std::string url_of(std::string_view key) const {
    // A server would take dots for a way out of the folder.
    for (std::string_view rest = key;;) {
      const std::size_t slash = std::min(rest.find('/'), rest.size());
      const std::string_view segment = rest.substr(0, slash);
      if (segment.empty() || segment == "." || segment == "..") {
        throw Error(ErrorCode::kInvalidArgument, root_, "\"" + std::string(key) + "\" is no key of an object");
      }
      if (slash == rest.size()) return root_ + "/" + percent_encode(key, "/");
      rest.remove_prefix(slash + 1);
    }
  }

  std::string root_;  // its name, too: an address without a "/" behind it
  std::chrono::milliseconds total_timeout_;
  RetryPolicy policy_;
  HttpClient client_;
};

}  // namespace

std::unique_ptr<Store> open_https_store(std::string_view address, const StoreOptions& options, Environment environment) {
  std::string root(address);
  const auto url = parse_url(root);
  if (!url || root.find_first_of("?#") != std::string::npos) {
    throw Error(ErrorCode::kInvalidArgument, without_secrets(root),
                "is no address of a store; give https://host/path without a user, a query or a fragment");
  }
  while (root.ends_with('/')) root.pop_back();
  return std::make_unique<HttpsStore>(
      std::move(root),
      HttpSettings{
          .options = options, .bypass_proxy = is_own_machine(url->host), .follow_redirects = true, .environment = std::move(environment)});
}

}  // namespace almanac::internal
