#include "layout_account.h"

#include <zstd.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "apportion.h"
#include "layout.h"
#include "selection.h"

namespace almanac::inspect {
namespace {

// The proportions hardly depend on it, the time does.
constexpr int kLevel = 6;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
};

class Compressor {
 public:
  // Bytes of `input` when compressed, without what an empty frame takes.
  std::uint64_t compressed_size(std::span<const std::byte> input) {
    const std::size_t empty = compress({});
    return std::max(compress(input), empty) - empty;
  }

 private:
  std::size_t compress(std::span<const std::byte> input) {
    buffer_.resize(std::max(buffer_.size(), ZSTD_compressBound(input.size())));
    const std::size_t size = ZSTD_compressCCtx(context_.get(), buffer_.data(), buffer_.size(), input.data(), input.size(), kLevel);
    // Nothing but a lack of memory can go wrong here; then the input's own size has to do.
    return ZSTD_isError(size) != 0 ? input.size() : size;
  }

  std::unique_ptr<ZSTD_CCtx, FreeContext> context_{ZSTD_createCCtx()};
  std::vector<std::byte> buffer_;
};

struct Component {
  std::string_view what;
  std::vector<std::byte> bytes;
};

void append(std::vector<Component>& components, std::string_view what, std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  auto same = std::ranges::find(components, what, &Component::what);
  if (same == components.end()) same = components.insert(components.end(), {what, {}});
  same->bytes.insert(same->bytes.end(), bytes.begin(), bytes.end());
}

// What lies between two vectors begins with the zeros that align what comes after them, for neither a
// table nor its vtable begins with a zero (FlatBuffers' internals document, "Tables").
std::vector<Component> gather(const internal::FrameLayout& layout) {
  std::vector<Component> components;
  const std::span<const std::byte> frame = layout.inflated;
  for (const internal::FramePiece& piece : layout.pieces) {
    std::span<const std::byte> bytes = frame.subspan(static_cast<std::size_t>(piece.offset), static_cast<std::size_t>(piece.size));
    if (piece.what == "structure") {
      const auto zeros = std::ranges::find_if(bytes, [](std::byte byte) { return byte != std::byte{0}; }) - bytes.begin();
      append(components, "padding", bytes.first(static_cast<std::size_t>(zeros)));
      bytes = bytes.subspan(static_cast<std::size_t>(zeros));
    }
    append(components, piece.what, bytes);
  }
  return components;
}

std::vector<ComponentSize> components_of(const Snapshot& snapshot, std::size_t frame, Compressor& compressor) {
  const internal::FrameLayout layout = internal::layout_of_frame(snapshot, frame);
  std::vector<ComponentSize> sizes;
  std::vector<std::uint64_t> weights;
  for (const Component& component : gather(layout)) {
    sizes.push_back({std::string(component.what), component.bytes.size(), 0});
    weights.push_back(compressor.compressed_size(component.bytes));
  }
  const std::vector<std::uint64_t> stored = apportion(snapshot.frame_info(frame).stored_size, weights);
  for (std::size_t i = 0; i < sizes.size(); ++i) sizes[i].stored = stored[i];
  return sizes;
}

void add(std::vector<ComponentSize>& sums, const std::vector<ComponentSize>& components) {
  for (const ComponentSize& component : components) {
    const auto same = std::ranges::find(sums, component.what, &ComponentSize::what);
    if (same == sums.end()) {
      sums.push_back(component);
    } else {
      same->inflated += component.inflated;
      same->stored += component.stored;
    }
  }
}

}  // namespace

LayoutReport lay_out(const Snapshot& snapshot) {
  LayoutReport report;
  report.size = snapshot.size();
  report.preamble = snapshot.manifest_offset();
  report.manifest = snapshot.manifest_stored_size();
  Compressor compressor;
  for (std::size_t frame = 0; frame < snapshot.frame_count(); ++frame) {
    FrameReport frame_report;
    frame_report.info = snapshot.frame_info(frame);
    frame_report.components = components_of(snapshot, frame, compressor);
    add(report.components, frame_report.components);
    report.frames.push_back(std::move(frame_report));
  }
  for (const NamespaceInfo& info : selected_namespaces(snapshot, Selection{})) {
    FrameReport& frame = report.frames.at(info.frame);
    ++frame.namespaces;
    frame.services += info.services;
    frame.endpoints += info.endpoints;
    report.services += info.services;
  }
  return report;
}

}  // namespace almanac::inspect
