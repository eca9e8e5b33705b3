#include "layout_account.h"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "apportion.h"
#include "layout.h"
#include "manifest_generated.h"
#include "selection.h"
#include "snapshot_data.h"

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

constexpr std::array<std::string_view, 4> kManifestComponents = {"structure", "frames", "namespaces", "caller rules"};

// What belongs to no vector is structure: the table, its texts, and what aligns. The reader does not mind vectors that overlap:
// each byte is counted once all the same.
std::vector<Component> gather_manifest(std::span<const std::byte> manifest) {
  const auto& root = *flatbuffers::GetRoot<format::Manifest>(manifest.data());  // verified when it was opened
  std::vector<std::uint8_t> owners(manifest.size());
  const auto claim = [&](std::uint8_t component, const auto* vector, std::size_t element_size) {
    if (vector == nullptr) return;
    const std::size_t offset = static_cast<std::size_t>(reinterpret_cast<const std::byte*>(vector) - manifest.data());
    std::fill_n(owners.begin() + static_cast<std::ptrdiff_t>(offset), sizeof(flatbuffers::uoffset_t) + vector->size() * element_size,
                component);
  };
  claim(1, root.frames(), sizeof(format::FrameEntry));
  claim(1, root.frame_blake2b(), 1);
  claim(2, root.namespaces(), sizeof(format::NamespaceEntry));
  claim(2, root.names(), 1);
  claim(3, root.caller_rules(), sizeof(format::CallerRule));
  claim(3, root.caller_conditions(), 1);
  claim(3, root.caller_rollouts(), sizeof(format::CallerRollout));
  claim(3, root.caller_stages(), sizeof(format::Stage));
  std::vector<Component> components;
  for (const std::string_view what : kManifestComponents) components.push_back({what, {}});
  for (std::size_t i = 0; i < owners.size(); ++i) components[owners[i]].bytes.push_back(manifest[i]);
  std::erase_if(components, [](const Component& component) { return component.bytes.empty(); });
  return components;
}

std::vector<ComponentSize> sizes_of(const std::vector<Component>& components, std::uint64_t stored_size, Compressor& compressor) {
  std::vector<ComponentSize> sizes;
  std::vector<std::uint64_t> weights;
  for (const Component& component : components) {
    sizes.push_back({std::string(component.what), component.bytes.size(), 0});
    weights.push_back(compressor.compressed_size(component.bytes));
  }
  const std::vector<std::uint64_t> stored = apportion(stored_size, weights);
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
  const internal::Bytes manifest = internal::data_of(snapshot).manifest().inflated;
  report.manifest_inflated = manifest.size();
  report.manifest_components = sizes_of(gather_manifest(manifest), report.manifest, compressor);
  for (std::size_t frame = 0; frame < snapshot.frame_count(); ++frame) {
    FrameReport frame_report;
    frame_report.info = snapshot.frame_info(frame);
    frame_report.components = sizes_of(gather(internal::layout_of_frame(snapshot, frame)), frame_report.info.stored_size, compressor);
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
