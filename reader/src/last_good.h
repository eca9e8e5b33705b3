// What was live last in a store, kept in the cache directory for a start that finds the store out of reach.
//
// The file holds the bytes of `current` as they were served, and only ever moves on to newer generations,
// however many processes write it. Its safety is that of the frames beside it: see cache.h.
// Threads: both calls may run at once with any other.
#pragma once

#include <almanac/store.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "digest.h"
#include "open_live.h"

namespace almanac::internal {

class LastGood {
 public:
  // The copy of the store of this name.
  LastGood(std::filesystem::path folder, std::string_view store);

  // Throws Error that says why there is none.
  [[nodiscard]] std::vector<std::byte> read() const;
  // Keeps what is served now, unless it is damaged, or there already, or something newer is. A folder or a disk
  // that refuses is no error.
  void keep(const LiveSnapshot& live) const noexcept;
  // As messages call it.
  [[nodiscard]] std::string name() const;

 private:
  std::filesystem::path folder_;
  Digest store_;
};

}  // namespace almanac::internal
