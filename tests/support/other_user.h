// Permissions do not stop root; so tests of them run as somebody else.
#pragma once

#include <functional>

namespace almanac::support {

// The exit status of a child process that runs `action` as the user "nobody" where this one is root's, or as
// this user; -1 when it did not come to its end.
[[nodiscard]] int as_other_user(const std::function<int()>& action);

}  // namespace almanac::support
