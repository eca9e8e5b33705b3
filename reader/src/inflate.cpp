#include "inflate.h"

#include <almanac/error.h>
#include <zstd.h>

#include <memory>

namespace almanac::internal {

void check_inflated_size(Bytes stored, std::uint64_t size, const std::string& object, std::uint64_t offset) {
  // The library would read its formats from before RFC 8878 as well, and pass over skippable frames.
  const bool is_zstd = stored.size() >= sizeof(std::uint32_t) && load<std::uint32_t>(stored, 0) == ZSTD_MAGICNUMBER;
  if (!is_zstd || ZSTD_getFrameContentSize(stored.data(), stored.size()) != size) {
    throw Error(ErrorCode::kCorrupt, object, "the zstd frame does not announce the " + std::to_string(size) + " bytes that it should have",
                offset);
  }
}

void inflate(Bytes stored, std::span<std::byte> into, const std::string& object, std::uint64_t offset) {
  check_inflated_size(stored, into.size(), object, offset);
  const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
  if (!context) throw std::bad_alloc();
  const std::size_t size = ZSTD_decompressDCtx(context.get(), into.data(), into.size(), stored.data(), stored.size());
  if (ZSTD_isError(size) != 0U) {
    throw Error(ErrorCode::kCorrupt, object, std::string("the zstd frame cannot be inflated: ") + ZSTD_getErrorName(size), offset);
  }
  if (size != into.size() || ZSTD_findFrameCompressedSize(stored.data(), stored.size()) != stored.size()) {
    throw Error(ErrorCode::kCorrupt, object, "there are stray bytes behind the zstd frame", offset);
  }
}

}  // namespace almanac::internal
