#include "support/full_disk.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <csignal>
#include <iostream>
#include <string>

#include "support/child_process.h"

namespace almanac::support {

namespace {

// In a mount namespace of its own, so that nobody else sees it.
bool mount_small_disk(const std::filesystem::path& folder, std::uint64_t bytes) {
  if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  const std::string size = "size=" + std::to_string(bytes);
  return ::mount("small-disk", folder.c_str(), "tmpfs", MS_NOATIME, size.c_str()) == 0;
}

}  // namespace

int on_small_disk(const std::filesystem::path& folder, std::uint64_t bytes, const std::function<int()>& action) {
  return in_child_process([&] {
    if (mount_small_disk(folder, bytes)) {
      std::cout << "the full disk is a tmpfs" << std::endl;
      return action();
    }
    std::cout << "the full disk is a limit on the size of files" << std::endl;
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, bytes};
    return ::setrlimit(RLIMIT_FSIZE, &limit) == 0 ? action() : kNotPrepared;
  });
}

}  // namespace almanac::support
