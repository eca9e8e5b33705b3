// A real web server on the loopback interface: nginx over a folder, gone with its owner.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "support/temporary_directory.h"

namespace almanac::support {

class Nginx {
 public:
  // Throws std::runtime_error when it does not start; it says what to install when there is none.
  explicit Nginx(const std::filesystem::path& root);
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;
  ~Nginx();

  [[nodiscard]] const std::string& url() const noexcept { return url_; }  // "http://127.0.0.1:PORT"

 private:
  [[nodiscard]] bool start(const std::filesystem::path& root);
  [[nodiscard]] bool listens() const;
  void stop() noexcept;

  TemporaryDirectory folder_;
  std::string url_;
  pid_t process_ = -1;
};

}  // namespace almanac::support
