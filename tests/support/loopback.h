// TCP on the loopback interface. All throw std::system_error.
#pragma once

#include <cstdint>

#include "file_descriptor.h"

namespace almanac::support {

[[nodiscard]] internal::FileDescriptor stream_socket();
// At a port that nobody has; nobody listens there yet.
[[nodiscard]] internal::FileDescriptor bound_socket(std::uint16_t& port);
// Which somebody may take before it is used.
[[nodiscard]] std::uint16_t free_port();

// False, with errno, when it cannot be.
[[nodiscard]] bool connect_to(std::uint16_t port, const internal::FileDescriptor& socket) noexcept;

}  // namespace almanac::support
