#include "inflate.h"

#include <almanac/error.h>
// For ZSTD_d_stableOutBuffer: without it a stream inflates into a window first, which may be as large as the frame.
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <new>
#include <utility>

namespace almanac::internal {

namespace {

constexpr std::size_t kStep = std::size_t{256} << 10U;

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
    ZSTD_DCtx_reset(context.get(), ZSTD_reset_session_and_parameters);
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

void inflate(Bytes stored, std::span<std::byte> into, const std::string& object, std::uint64_t offset, Mapping* let_go) {
  check_inflated_size(stored, into.size(), object, offset);
  Context context = spare_context.take();
  // It inflates where it is told to, and has no window of its own that could be too large.
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_stableOutBuffer, 1);
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, ZSTD_WINDOWLOG_MAX);
  ZSTD_outBuffer out{into.data(), into.size(), 0};
  ZSTD_inBuffer in{stored.data(), 0, 0};
  for (std::size_t wanted = 1; wanted != 0;) {
    if (in.pos == stored.size()) throw Error(ErrorCode::kCorrupt, object, "the zstd frame ends before it should", offset);
    in.size = let_go == nullptr ? stored.size() : std::min(stored.size(), in.pos + kStep);
    wanted = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(wanted) != 0U) {
      throw Error(ErrorCode::kCorrupt, object, std::string("the zstd frame cannot be inflated: ") + ZSTD_getErrorName(wanted), offset);
    }
    if (let_go != nullptr) let_go->let_go_before(in.pos);
  }
  if (out.pos != into.size() || in.pos != stored.size())
    throw Error(ErrorCode::kCorrupt, object, "there are stray bytes behind the zstd frame", offset);
  spare_context.put_back(std::move(context));
}

}  // namespace almanac::internal
