// A real web server on the loopback interface, over http and https. It ends with its owner, however that ends.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "support/temporary_directory.h"

namespace almanac::support {

class Certificate;

class Nginx {
 public:
  // Serves the files under `root`. `certificates` are the server's own and those between it and its root, in PEM.
  // Below /to-http/ and /to-https/ it redirects to the same file over the other. Throws std::runtime_error.
  Nginx(const std::filesystem::path& root, const std::string& certificates, const std::string& key);
  // With a certificate that nobody trusts, for those who come over http.
  explicit Nginx(const std::filesystem::path& root);
  ~Nginx();
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

  [[nodiscard]] std::string http() const { return "http://localhost:" + std::to_string(http_port_); }
  [[nodiscard]] std::string https() const { return "https://localhost:" + std::to_string(https_port_); }
  [[nodiscard]] std::uint16_t https_port() const noexcept { return https_port_; }
  // Lets the server finish and end. Then, one line a request: its method, its path, its status.
  [[nodiscard]] std::string final_log();

 private:
  Nginx(const std::filesystem::path& root, const Certificate& own);
  void configure(const std::filesystem::path& root) const;
  [[nodiscard]] bool start();
  void stop(int signal) noexcept;

  TemporaryDirectory folder_;
  std::uint16_t http_port_ = 0;
  std::uint16_t https_port_ = 0;
  pid_t process_ = -1;
};

}  // namespace almanac::support
