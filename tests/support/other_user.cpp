#include "support/other_user.h"

#include <unistd.h>

#include "support/child_process.h"

namespace almanac::support {

int as_other_user(const std::function<int()>& action) {
  return in_child_process([&] {
    constexpr uid_t kNobody = 65534;
    if (::geteuid() == 0 && (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0)) return kNotPrepared;
    return action();
  });
}

}  // namespace almanac::support
