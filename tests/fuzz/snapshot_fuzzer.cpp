// Snapshots of any bytes: opened, looked up in, walked, verified, printed.
//
// The first byte chooses what the rest is:
//   89  a snapshot file, this byte included. It is used as it is, and once more with its digests mended.
//   46  ('F') one frame, inflated; a file with the manifest that fits it is put around it.
//   4D  ('M') two bytes for the size of a manifest, the manifest, a frame, both inflated; a file is put around them.
// So a change of any byte gets past the digests, and what remains to be found is in the reader.
#include <almanac/snapshot.h>
#include <fcntl.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../damage/whole_use.h"
#include "demand.h"
#include "digest.h"
#include "file_descriptor.h"
#include "flatbuffer.h"
#include "frame_generated.h"
#include "inspect/diff.h"
#include "inspect/dump.h"
#include "inspect/layout_account.h"
#include "inspect/print_text.h"
#include "manifest_generated.h"
#include "preamble.h"

namespace {

using namespace almanac;
using fuzz::demand;
using Content = std::vector<std::byte>;

const std::string kName = "fuzzed.almanac";

// Inputs are small; what claims to inflate to more than this only takes time.
constexpr std::uint64_t kMostInflated = 1U << 20U;

Content compressed(std::span<const std::byte> bytes) {
  Content stored(ZSTD_compressBound(bytes.size()));
  stored.resize(ZSTD_compress(stored.data(), stored.size(), bytes.data(), bytes.size(), 1));
  return stored;
}

std::optional<Content> inflated(std::span<const std::byte> stored) {
  const unsigned long long size = ZSTD_getFrameContentSize(stored.data(), stored.size());
  if (size > kMostInflated) return std::nullopt;
  Content bytes(static_cast<std::size_t>(size));
  if (ZSTD_isError(ZSTD_decompress(bytes.data(), bytes.size(), stored.data(), stored.size())) != 0U) return std::nullopt;
  return bytes;
}

// Makes the entries of a manifest tell the truth about the frames, one behind the other from where they are.
// Nothing happens to a manifest that is no FlatBuffer.
void mend_entries(Content& manifest, std::span<const Content> frames, std::span<const std::uint64_t> sizes) {
  const auto* root = internal::verified_root<format::Manifest>(manifest, format::ManifestIdentifier());
  if (root == nullptr || root->frames() == nullptr || root->frames()->size() != frames.size()) return;
  const auto at = reinterpret_cast<const std::byte*>(root->frames()->data()) - manifest.data();
  std::uint64_t offset = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const internal::Digest digest = internal::digest_of(frames[i]);
    const format::FrameEntry entry(offset, frames[i].size(), sizes[i], format::Digest(digest.high, digest.low));
    std::memcpy(manifest.data() + at + static_cast<std::ptrdiff_t>(i * sizeof entry), &entry, sizeof entry);
    offset += frames[i].size();
  }
}

Content put_together(internal::Preamble preamble, const Content& manifest, std::span<const Content> frames) {
  const Content stored = compressed(manifest);
  preamble.preamble_size = internal::kPreambleSize;
  preamble.manifest_stored_size = static_cast<std::uint32_t>(stored.size());
  preamble.manifest_size = static_cast<std::uint32_t>(manifest.size());
  preamble.manifest_digest = internal::digest_of(stored);
  preamble.file_size = internal::kPreambleSize + stored.size();
  for (const Content& frame : frames) preamble.file_size += frame.size();
  const auto head = internal::encode_preamble(preamble);
  Content file(head.begin(), head.end());
  file.insert(file.end(), stored.begin(), stored.end());
  for (const Content& frame : frames) file.insert(file.end(), frame.begin(), frame.end());
  return file;
}

Content around(Content manifest, std::span<const std::byte> frame) {
  const std::array<Content, 1> frames{compressed(frame)};
  const std::array<std::uint64_t, 1> sizes{frame.size()};
  mend_entries(manifest, frames, sizes);
  internal::Preamble preamble;
  preamble.major = kFormatMajor;
  return put_together(preamble, manifest, frames);
}

// A namespace for each part, with the numbers that the part has.
Content manifest_for(std::span<const std::byte> frame) {
  constexpr std::size_t kMostParts = 100;
  std::vector<format::NamespaceEntry> entries;
  std::string names;
  // The frame's parts are read where they lie, and a span of the input is aligned to nothing.
  const Content aligned(frame.begin(), frame.end());
  if (const auto* root = internal::verified_root<format::Frame>(aligned, format::FrameIdentifier())) {
    const auto parts = root->parts();
    for (std::uint32_t i = 0; parts != nullptr && i < parts->size() && i < kMostParts; ++i) {
      format::Part part;
      std::memcpy(static_cast<void*>(&part), reinterpret_cast<const std::byte*>(parts->data()) + i * sizeof part, sizeof part);
      entries.emplace_back(static_cast<std::uint32_t>(names.size()), 2, 0, i, part.rows(), part.endpoints());
      names += {static_cast<char>('0' + i / 10), static_cast<char>('0' + i % 10)};
    }
  }
  flatbuffers::FlatBufferBuilder builder;
  const auto name_bytes = builder.CreateVector(reinterpret_cast<const std::uint8_t*>(names.data()), names.size());
  const auto namespaces = builder.CreateVectorOfStructs(entries);
  const auto frames = builder.CreateVectorOfStructs(std::vector<format::FrameEntry>(1));
  builder.Finish(format::CreateManifest(builder, 0, 0, frames, namespaces, name_bytes), format::ManifestIdentifier());
  const auto bytes = std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize()));
  return {bytes.begin(), bytes.end()};
}

// The file with right digests and sizes wherever it can be read well enough to know them.
std::optional<Content> mended(std::span<const std::byte> file) {
  if (file.size() < internal::kPreambleSize) return std::nullopt;
  const auto preamble_size = internal::load<std::uint32_t>(file, 12);
  const auto manifest_stored_size = internal::load<std::uint32_t>(file, 24);
  if (!internal::within(preamble_size, manifest_stored_size, file.size())) return std::nullopt;
  auto manifest = inflated(file.subspan(preamble_size, manifest_stored_size));
  if (!manifest) return std::nullopt;
  const std::span<const std::byte> behind = file.subspan(std::size_t{preamble_size} + manifest_stored_size);
  std::vector<Content> frames;
  std::vector<std::uint64_t> sizes;
  if (const auto* root = internal::verified_root<format::Manifest>(*manifest, format::ManifestIdentifier());
      root != nullptr && root->frames() != nullptr) {
    for (std::uint32_t i = 0; i < root->frames()->size(); ++i) {
      format::FrameEntry entry;
      std::memcpy(static_cast<void*>(&entry), reinterpret_cast<const std::byte*>(root->frames()->data()) + i * sizeof entry, sizeof entry);
      if (!internal::within(entry.offset(), entry.stored_size(), behind.size())) return std::nullopt;
      const auto stored = behind.subspan(static_cast<std::size_t>(entry.offset()), static_cast<std::size_t>(entry.stored_size()));
      frames.emplace_back(stored.begin(), stored.end());
      sizes.push_back(ZSTD_getFrameContentSize(stored.data(), stored.size()));
      if (sizes.back() > kMostInflated) return std::nullopt;
    }
  }
  mend_entries(*manifest, frames, sizes);
  internal::Preamble preamble;
  preamble.major = internal::load<std::uint16_t>(file, 8);
  preamble.minor = internal::load<std::uint16_t>(file, 10);
  preamble.features = internal::load<std::uint64_t>(file, 48);
  return put_together(preamble, *manifest, frames);
}

// What is refused, and whether all of it was a refusal as the reader promises it.
template <class Action>
bool accepted(Action&& action) {
  try {
    action();
    return true;
  } catch (const Error& error) {
    demand(error.object() == kName);
    demand(error.offset().has_value() || error.code() == ErrorCode::kNotFound);
    return false;
  }
}

void print_everything(const Snapshot& snapshot) {
  static const internal::FileDescriptor nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  inspect::Output output(nowhere.get());
  (void)accepted([&] { inspect::dump(snapshot, inspect::Selection{}, output); });
  (void)accepted([&] { inspect::print_text(inspect::list(snapshot, {}), output); });
  (void)accepted([&] { inspect::print_text(inspect::get(snapshot, {"users", "user", ""}, {}), output); });
  (void)accepted([&] { inspect::print_text(inspect::lay_out(snapshot), output); });
  (void)accepted([&] { demand(inspect::diff(snapshot, snapshot).same()); });
  output.flush();
}

void use(std::span<const std::byte> bytes) {
  const OpenOptions options{.cache_directory = {}, .max_inflated_size = kMostInflated};
  std::optional<Snapshot> snapshot;
  if (!accepted([&] { snapshot = Snapshot::from_bytes(bytes, kName, options); })) return;
  damage::choose(*snapshot);
  bool all_open = true;
  for (std::size_t i = 0; i < snapshot->namespace_count(); ++i) {
    all_open = accepted([&] { (void)damage::use(snapshot->in(snapshot->namespace_info(i).name)); }) && all_open;
  }
  // What opening a namespace finds wrong, verify() must find too; and what it passes must hold all it says.
  const bool whole = accepted([&] { snapshot->verify(); });
  demand(all_open || !whole);
  for (std::size_t i = 0; whole && i < snapshot->namespace_count(); ++i) {
    const Namespace services = snapshot->in(snapshot->namespace_info(i).name);
    std::size_t count = 0;
    for (const Service& service : services) {
      demand(services.find(service.name()).has_value());
      ++count;
    }
    demand(count == services.size());
  }
  print_everything(*snapshot);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  if (size == 0) return 0;
  const auto rest = bytes.subspan(1);
  constexpr std::size_t kSizeField = sizeof(std::uint16_t);
  if (data[0] == 'F') {
    use(around(manifest_for(rest), rest));
  } else if (data[0] == 'M' && rest.size() >= kSizeField) {
    const std::size_t manifest_size = std::min<std::size_t>(internal::load<std::uint16_t>(rest, 0), rest.size() - kSizeField);
    const auto manifest = rest.subspan(kSizeField, manifest_size);
    use(around({manifest.begin(), manifest.end()}, rest.subspan(kSizeField + manifest_size)));
  } else {
    use(bytes);
    if (const auto file = mended(bytes)) use(*file);
  }
  return 0;
}
