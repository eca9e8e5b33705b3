// One object after the other over one connection of libcurl, as a careful user of it would fetch them: HTTP/1.1, the body received into
// memory that is asked for once, and of the roots of trust only the one that is needed (the folder $SSL_CERT_DIR), because
// parsing all of a machine's takes libcurl 20 ms.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

namespace bench {

class Fetch {
 public:
  // Throws std::runtime_error when libcurl cannot be started.
  Fetch();

  // The body of a 200 or 206. `range` is "first-last" in bytes, or empty for all of it. Behind the body is room for `padding` more
  // bytes. Throws std::runtime_error.
  [[nodiscard]] std::string get(const std::string& url, const std::string& range = {}, std::size_t padding = 0);

 private:
  struct Free {
    void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
  };
  std::unique_ptr<CURL, Free> easy_;
};

}  // namespace bench
