// Everything that can be asked of an open snapshot, each answer looked at.
#pragma once

#include <almanac/snapshot.h>

#include <cstdint>

namespace almanac::lookup {

// A number that depends on every byte of the answers: the same for the same snapshot and round. Allocates
// nothing itself and makes no system call.
[[nodiscard]] std::uint64_t ask_everything(const Namespace& name_space, std::uint64_t round) noexcept;

}  // namespace almanac::lookup
