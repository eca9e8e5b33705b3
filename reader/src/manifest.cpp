#include "manifest.h"

#include <almanac/error.h>

#include <algorithm>
#include <array>
#include <string>

#include "flatbuffer.h"
#include "inflate.h"
#include "manifest_rules.h"

namespace almanac::internal {

namespace {

constexpr std::size_t kMaxNameSize = 255;
// Of namespaces; and no registry needs more frames than it has namespaces.
constexpr std::size_t kMaxEntries = 1'000'000;

[[noreturn]] void corrupt(const ByteSource& source, const Preamble& preamble, const std::string& problem) {
  throw Error(ErrorCode::kCorrupt, source.name(), "manifest: " + problem, preamble.preamble_size);
}

std::string_view text_of(const flatbuffers::String* text) { return text == nullptr ? std::string_view() : text->string_view(); }

// The first `size` bytes: where they are in memory anyway, or else in `memory`, read behind those that it has.
Bytes head_of(const ByteSource& source, std::size_t size, std::vector<std::byte>& memory) {
  if (const Bytes here = source.view(0, size); here.size() == size) return here;
  const std::size_t have = memory.size();
  memory.resize(size);
  source.read(have, std::span(memory).subspan(have));
  return memory;
}

std::span<std::byte> memory_of(Manifest& manifest) {
  constexpr std::size_t kMany = std::size_t{1} << 20U;
  const std::size_t size = manifest.preamble.manifest_size;
  if (size < kMany) {
    manifest.memory = std::make_unique_for_overwrite<std::byte[]>(size);
    return {manifest.memory.get(), size};
  }
  manifest.pages = Mapping::on_huge_pages(size);
  return manifest.pages.writable();
}

// Frames follow the manifest without gaps, so that every byte of the file is under some digest.
void take_frames(Manifest& manifest, const format::Manifest& root, const ByteSource& source) {
  const std::uint64_t base = std::uint64_t{manifest.preamble.preamble_size} + manifest.preamble.manifest_stored_size;
  const std::uint64_t total = manifest.preamble.file_size - base;
  const std::span<const format::FrameEntry> entries = span_of(root.frames());
  std::uint64_t expected = 0;
  for (const format::FrameEntry& entry : entries) {
    if (entry.offset() != expected || !within(entry.offset(), entry.stored_size(), total)) {
      corrupt(source, manifest.preamble, "frame " + std::to_string(&entry - entries.data()) + " does not lie behind the one before it");
    }
    expected += entry.stored_size();
  }
  if (expected != total) corrupt(source, manifest.preamble, "the frames do not fill the file");
  manifest.frames = {entries, base};
}

void take_namespaces(Manifest& manifest, const format::Manifest& root, const ByteSource& source) {
  const std::span<const format::NamespaceEntry> entries = span_of(root.namespaces());
  const std::string_view names = text_of_bytes(root.names());
  std::string_view before;
  for (const format::NamespaceEntry& entry : entries) {
    const auto refuse = [&](const char* problem) {
      corrupt(source, manifest.preamble, "namespace " + std::to_string(&entry - entries.data()) + " " + problem);
    };
    if (!within(entry.name_offset(), entry.name_size(), names.size())) refuse("has its name outside the names");
    if (entry.name_size() > kMaxNameSize) refuse("has a name longer than 255 bytes");
    if (entry.frame() >= manifest.frames.size()) refuse("is in a frame that is not there");
    const std::string_view name(names.data() + entry.name_offset(), entry.name_size());
    // No name is empty, so the first one comes behind this too.
    if (name <= before) refuse("is not in byte order of the names");
    before = name;
  }
  manifest.namespaces = {entries, names};
}

}  // namespace

ManifestFrame ManifestFrames::operator[](std::size_t number) const noexcept {
  const format::FrameEntry& entry = entries_[number];
  return {base_ + entry.offset(), entry.stored_size(), entry.size(), {entry.digest().high(), entry.digest().low()}};
}

ManifestNamespace ManifestNamespaces::operator[](std::size_t number) const noexcept {
  const format::NamespaceEntry& entry = entries_[number];
  return {name_of(entry), entry.frame(), entry.part(), entry.services(), entry.endpoints()};
}

std::optional<std::size_t> ManifestNamespaces::find(std::string_view name) const noexcept {
  const auto found = std::ranges::lower_bound(entries_, name, {}, [this](const format::NamespaceEntry& entry) { return name_of(entry); });
  if (found == entries_.end() || name_of(*found) != name) return std::nullopt;
  return static_cast<std::size_t>(found - entries_.begin());
}

std::string namespace_names(const Manifest& manifest) {
  constexpr std::size_t kMostNamed = 10;
  if (manifest.namespaces.size() == 0) return "none at all";
  std::string text;
  for (std::size_t i = 0; i < manifest.namespaces.size() && i < kMostNamed; ++i) {
    if (i != 0) text += ", ";
    text.append("\"").append(manifest.namespaces[i].name).append("\"");
  }
  if (manifest.namespaces.size() > kMostNamed) text += " and " + std::to_string(manifest.namespaces.size() - kMostNamed) + " more";
  return text;
}

std::string missing_namespace(const Manifest& manifest, std::string_view name) {
  return "has no namespace \"" + std::string(name) + "\"; it has " + namespace_names(manifest);
}

Manifest read_manifest(const ByteSource& source) {
  std::vector<std::byte> memory;
  Bytes head = head_of(source, static_cast<std::size_t>(source.first_read()), memory);
  Manifest manifest;
  manifest.preamble = parse_preamble(head, source.name());
  const Preamble& preamble = manifest.preamble;
  if (source.size() != preamble.file_size) {
    throw Error(source.size() < preamble.file_size ? ErrorCode::kTruncated : ErrorCode::kCorrupt, source.name(),
                "has " + std::to_string(source.size()) + " bytes where its preamble says " + std::to_string(preamble.file_size),
                source.size());
  }
  const std::size_t end = std::size_t{preamble.preamble_size} + preamble.manifest_stored_size;
  if (head.size() < end) head = head_of(source, end, memory);
  const Bytes stored = slice(head, preamble.preamble_size, preamble.manifest_stored_size, source.name(), "the manifest");
  if (digest_of(stored) != preamble.manifest_digest) corrupt(source, preamble, "its digest does not hold: the file is damaged");
  check_inflated_size(stored, preamble.manifest_size, source.name(), preamble.preamble_size);
  const std::span<std::byte> inflated = memory_of(manifest);
  inflate(stored, inflated, source.name(), preamble.preamble_size);
  if (manifest.pages) manifest.pages.freeze();
  manifest.inflated = inflated;
  const auto* root = verified_root<format::Manifest>(manifest.inflated, format::ManifestIdentifier());
  if (root == nullptr) corrupt(source, preamble, "is not the FlatBuffer that it should be");
  if (!elements_aligned(root->frames())) corrupt(source, preamble, "its frames are not aligned");
  if (span_of(root->frames()).size() > kMaxEntries || span_of(root->namespaces()).size() > kMaxEntries) {
    throw Error(ErrorCode::kLimitExceeded, source.name(), "manifest: has more than 1,000,000 frames or namespaces", preamble.preamble_size);
  }
  manifest.registry = text_of(root->registry());
  manifest.revision = text_of(root->revision());
  take_frames(manifest, *root, source);
  take_namespaces(manifest, *root, source);
  if (const std::string fault = take_caller_rules(manifest, *root); !fault.empty()) corrupt(source, preamble, fault);
  return manifest;
}

}  // namespace almanac::internal
