#include "inflate.h"

#include <almanac/error.h>
#include <zstd.h>

#include <atomic>
#include <memory>
#include <new>
#include <utility>

namespace almanac::internal {

namespace {

using Context = std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)>;

// A context is made in 7 us, nearly all of it for three CPUID instructions, each of which a virtual machine hands to its host:
// a tenth of what a small namespace takes to open. So one of them (94 KiB) waits for whoever inflates next.
class SpareContext {
 public:
  SpareContext() = default;
  SpareContext(const SpareContext&) = delete;
  SpareContext& operator=(const SpareContext&) = delete;
  ~SpareContext() { ZSTD_freeDCtx(spare_.load()); }

  [[nodiscard]] Context take() {
    Context context(spare_.exchange(nullptr), ZSTD_freeDCtx);
    if (!context) context.reset(ZSTD_createDCtx());
    if (!context) throw std::bad_alloc();
    return context;
  }
  void put_back(Context context) noexcept { ZSTD_freeDCtx(spare_.exchange(context.release())); }

 private:
  std::atomic<ZSTD_DCtx*> spare_{nullptr};
};

SpareContext spare_context;

}  // namespace

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
  Context context = spare_context.take();
  const std::size_t size = ZSTD_decompressDCtx(context.get(), into.data(), into.size(), stored.data(), stored.size());
  spare_context.put_back(std::move(context));
  if (ZSTD_isError(size) != 0U) {
    throw Error(ErrorCode::kCorrupt, object, std::string("the zstd frame cannot be inflated: ") + ZSTD_getErrorName(size), offset);
  }
  if (size != into.size() || ZSTD_findFrameCompressedSize(stored.data(), stored.size()) != stored.size()) {
    throw Error(ErrorCode::kCorrupt, object, "there are stray bytes behind the zstd frame", offset);
  }
}

}  // namespace almanac::internal
