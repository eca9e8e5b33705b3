#include "support/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "support/system_failure.h"

namespace almanac::support {

namespace {

using internal::FileDescriptor;

sockaddr_in address_of(std::uint16_t port) noexcept {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

}  // namespace

FileDescriptor stream_socket() {
  FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) throw_errno("socket");
  return socket;
}

FileDescriptor bound_socket(std::uint16_t& port) {
  FileDescriptor socket = stream_socket();
  sockaddr_in address = address_of(0);
  socklen_t size = sizeof address;
  auto* where = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket.get(), where, size) != 0) throw_errno("bind");
  if (::getsockname(socket.get(), where, &size) != 0) throw_errno("getsockname");
  port = ntohs(address.sin_port);
  return socket;
}

std::uint16_t free_port() {
  std::uint16_t port = 0;
  (void)bound_socket(port);
  return port;
}

bool connect_to(std::uint16_t port, const FileDescriptor& socket) noexcept {
  const sockaddr_in address = address_of(port);
  return ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace almanac::support
