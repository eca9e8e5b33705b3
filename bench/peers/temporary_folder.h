// A folder in memory for the files of a peer, gone with this object.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>
#include <system_error>

#include "peers/peer.h"

namespace peers {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string path = "/dev/shm/almanac-peer-XXXXXX";
    require(::mkdtemp(path.data()) != nullptr, "mkdtemp " + path);
    path_ = path;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] std::string file(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace peers
