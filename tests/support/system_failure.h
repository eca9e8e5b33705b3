// For calls of the system that tell why they failed by errno.
#pragma once

#include <cerrno>
#include <string>
#include <system_error>

namespace almanac::support {

[[noreturn]] inline void throw_errno(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

}  // namespace almanac::support
