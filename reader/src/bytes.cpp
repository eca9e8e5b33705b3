#include "bytes.h"

#include <almanac/error.h>

namespace almanac::internal {

Bytes slice(Bytes bytes, std::uint64_t offset, std::uint64_t size, const std::string& object, std::string_view what) {
  if (!within(offset, size, bytes.size())) {
    throw Error(ErrorCode::kTruncated, object,
                std::string(what) + " of " + std::to_string(size) + " bytes does not fit into " + std::to_string(bytes.size()), offset);
  }
  return bytes.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
}

}  // namespace almanac::internal
