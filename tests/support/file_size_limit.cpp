#include "support/file_size_limit.h"

#include <sys/resource.h>

#include <csignal>

#include "support/child_process.h"

namespace almanac::support {

int with_file_size_limit(std::uint64_t bytes, const std::function<int()>& action) {
  return in_child_process([&] {
    std::signal(SIGXFSZ, SIG_IGN);  // the write fails with EFBIG instead
    const rlimit limit{bytes, bytes};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return kNotPrepared;
    return action();
  });
}

}  // namespace almanac::support
