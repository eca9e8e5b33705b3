// A peer: another way to keep the same services and to answer the same question.
//
// It is made of the services of a namespace, in byte order of their names, and copies what it keeps of them. find() gives the first
// uri of a name, borrowed from the peer until the next call, or nothing. Each is set up as its own documentation has it for data that
// is read and never written; its files are in memory (/dev/shm), as almanac's are. One thread.
//
// libmaxminddb is not among them: its keys are prefixes of IP addresses, and names are none.
// Neither is simdjson: it has no index, so that finding a name is reading the document again from its start.
#pragma once

#include <almanac/service.h>

#include <concepts>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace peers {

template <class Type>
concept Peer = std::constructible_from<Type, std::span<const almanac::Service>> && requires(Type& peer, std::string_view name) {
  { peer.find(name) } -> std::same_as<std::string_view>;
};

inline void require(bool done, const std::string& what) {
  if (!done) throw std::runtime_error(what + " failed");
}

}  // namespace peers
