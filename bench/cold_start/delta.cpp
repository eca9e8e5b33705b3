// bench-delta OLD NEW NAMESPACE: what it would take to make the frame of a namespace in one snapshot from that in another, by zstd
// with the old one as prefix (ZSTD_CCtx_refPrefix), as `zstd --patch-from` does it. Prints, in JSON: the bytes of both frames as they
// are stored and inflated; for each level the bytes of the delta, and the nanoseconds that applying it took, time after time; and the
// same for inflating the new frame as it is stored.
#include <almanac/snapshot.h>
#include <zstd.h>

#include <bit>
#include <chrono>
#include <exception>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr int kRepetitions = 9;

std::size_t checked(std::size_t size) {
  if (ZSTD_isError(size) != 0U) throw std::runtime_error(std::string("zstd: ") + ZSTD_getErrorName(size));
  return size;
}

struct Frame {
  std::string stored;
  std::string inflated;
};

Frame frame_of(const char* file, std::string_view namespace_name) {
  const almanac::Snapshot snapshot = almanac::Snapshot::open(file);
  for (std::size_t i = 0; i < snapshot.namespace_count(); ++i) {
    const almanac::NamespaceInfo entry = snapshot.namespace_info(i);
    if (entry.name != namespace_name) continue;
    const almanac::FrameInfo info = snapshot.frame_info(entry.frame);
    Frame frame{std::string(info.stored_size, '\0'), std::string(info.size, '\0')};
    std::ifstream in(file, std::ios::binary);
    if (!in.seekg(static_cast<std::streamoff>(info.offset)) ||
        !in.read(frame.stored.data(), static_cast<std::streamsize>(info.stored_size))) {
      throw std::runtime_error(std::string(file) + " cannot be read");
    }
    checked(ZSTD_decompress(frame.inflated.data(), frame.inflated.size(), frame.stored.data(), frame.stored.size()));
    return frame;
  }
  throw std::runtime_error(std::string(file) + " has no namespace " + std::string(namespace_name));
}

// The whole of the old frame must lie within the window.
int window_log(const Frame& from, const Frame& to) { return static_cast<int>(std::bit_width(from.inflated.size() + to.inflated.size())); }

std::string delta_of(const Frame& from, const Frame& to, int level) {
  const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  checked(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level));
  checked(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_enableLongDistanceMatching, 1));
  checked(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, window_log(from, to)));
  checked(ZSTD_CCtx_refPrefix(context.get(), from.inflated.data(), from.inflated.size()));
  std::string delta(ZSTD_compressBound(to.inflated.size()), '\0');
  delta.resize(checked(ZSTD_compress2(context.get(), delta.data(), delta.size(), to.inflated.data(), to.inflated.size())));
  return delta;
}

// The times that making `wanted` took, into memory that was used before.
std::vector<std::int64_t> times(const std::string& wanted, const std::function<std::size_t(std::string& into)>& make) {
  std::vector<std::int64_t> nanoseconds;
  std::string made(wanted.size(), '\0');
  for (int i = 0; i <= kRepetitions; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    const std::size_t size = checked(make(made));
    const auto time = std::chrono::steady_clock::now() - begin;
    if (size != wanted.size() || made != wanted) throw std::runtime_error("what was made is not the new frame");
    if (i > 0) nanoseconds.push_back(std::chrono::nanoseconds(time).count());  // the first one warms up
  }
  return nanoseconds;
}

nlohmann::ordered_json measured(const Frame& from, const Frame& to, int level) {
  const std::string delta = delta_of(from, to, level);
  const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
  checked(ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, window_log(from, to)));
  const auto apply = [&](std::string& into) {
    checked(ZSTD_DCtx_refPrefix(context.get(), from.inflated.data(), from.inflated.size()));
    return ZSTD_decompressDCtx(context.get(), into.data(), into.size(), delta.data(), delta.size());
  };
  return {{"bytes", delta.size()}, {"nanoseconds", times(to.inflated, apply)}};
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 4) {
    std::cerr << "usage: bench-delta OLD NEW NAMESPACE\n";
    return 2;
  }
  const Frame from = frame_of(argv[1], argv[3]);
  const Frame to = frame_of(argv[2], argv[3]);
  const auto inflate = [&](std::string& into) { return ZSTD_decompress(into.data(), into.size(), to.stored.data(), to.stored.size()); };
  const nlohmann::ordered_json result{
      {"old", {{"stored", from.stored.size()}, {"inflated", from.inflated.size()}}},
      {"new", {{"stored", to.stored.size()}, {"inflated", to.inflated.size()}, {"nanoseconds", times(to.inflated, inflate)}}},
      {"level 12", measured(from, to, 12)},
      {"level 19", measured(from, to, 19)}};
  std::cout << result << '\n';
  return 0;
} catch (const std::exception& error) {
  std::cerr << "bench-delta: " << error.what() << '\n';
  return 2;
}
