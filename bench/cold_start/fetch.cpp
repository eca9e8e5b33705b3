#include "fetch.h"

#include <cstdlib>
#include <stdexcept>

namespace bench {

namespace {

struct Body {
  CURL* easy = nullptr;
  std::size_t padding = 0;
  std::string bytes{};
};

std::size_t take(const char* data, std::size_t size, std::size_t count, void* into) {
  auto& body = *static_cast<Body*>(into);
  if (body.bytes.empty()) {
    curl_off_t length = -1;
    curl_easy_getinfo(body.easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    if (length > 0) body.bytes.reserve(static_cast<std::size_t>(length) + body.padding);
  }
  body.bytes.append(data, size * count);
  return size * count;
}

}  // namespace

Fetch::Fetch() {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) easy_.reset(curl_easy_init());
  if (!easy_) throw std::runtime_error("libcurl cannot be started");
}

std::string Fetch::get(const std::string& url, const std::string& range, std::size_t padding) {
  CURL* easy = easy_.get();
  Body body{.easy = easy, .padding = padding};
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT, 60L);
  curl_easy_setopt(easy, CURLOPT_RANGE, range.empty() ? nullptr : range.c_str());
  curl_easy_setopt(easy, CURLOPT_CAINFO, nullptr);
  curl_easy_setopt(easy, CURLOPT_CAPATH, std::getenv("SSL_CERT_DIR"));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &take);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
  const CURLcode code = curl_easy_perform(easy);
  if (code != CURLE_OK) throw std::runtime_error(url + ": " + curl_easy_strerror(code));
  return std::move(body.bytes);
}

}  // namespace bench
