#include "support/crafted_snapshot.h"

#include <zstd.h>

#include <stdexcept>
#include <type_traits>

#include "digest.h"

namespace almanac::support {

std::vector<std::byte> compressed(std::span<const std::byte> bytes) {
  std::vector<std::byte> stored(ZSTD_compressBound(bytes.size()));
  const std::size_t size = ZSTD_compress(stored.data(), stored.size(), bytes.data(), bytes.size(), 1);
  if (ZSTD_isError(size) != 0U) throw std::runtime_error(ZSTD_getErrorName(size));
  stored.resize(size);
  return stored;
}

std::vector<std::byte> CraftedManifest::encode() const {
  flatbuffers::FlatBufferBuilder builder;
  const auto name_bytes = builder.CreateVector(reinterpret_cast<const std::uint8_t*>(names.data()), names.size());
  const auto namespace_list = builder.CreateVectorOfStructs(namespaces);
  const auto frame_list = builder.CreateVectorOfStructs(frames);
  const auto revision_text = revision ? builder.CreateString(*revision) : flatbuffers::Offset<flatbuffers::String>();
  const auto registry_text = registry ? builder.CreateString(*registry) : flatbuffers::Offset<flatbuffers::String>();
  // Without rules there are no fields for them, as in a file of version 1.0.
  flatbuffers::Offset<flatbuffers::Vector<std::uint8_t>> conditions;
  if (!caller_conditions.empty()) {
    conditions = builder.CreateVector(reinterpret_cast<const std::uint8_t*>(caller_conditions.data()), caller_conditions.size());
  }
  const auto structs_unless_empty = [&builder](const auto& list) {
    using Element = typename std::remove_cvref_t<decltype(list)>::value_type;
    return list.empty() ? flatbuffers::Offset<flatbuffers::Vector<const Element*>>() : builder.CreateVectorOfStructs(list);
  };
  const auto rule_list = structs_unless_empty(caller_rules);
  const auto rollout_list = structs_unless_empty(caller_rollouts);
  const auto stage_list = structs_unless_empty(caller_stages);
  builder.Finish(format::CreateManifest(builder, registry_text, revision_text, frame_list, namespace_list, name_bytes, 0, rule_list,
                                        conditions, rollout_list, stage_list),
                 format::ManifestIdentifier());
  const auto encoded = std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize()));
  return {encoded.begin(), encoded.end()};
}

void CraftedSnapshot::add_stored_frame(std::vector<std::byte> stored, std::uint64_t size) {
  std::uint64_t offset = 0;
  for (const auto& frame : stored_frames) offset += frame.size();
  const internal::Digest digest = internal::digest_of(stored);
  manifest.frames.emplace_back(offset, stored.size(), size, format::Digest(digest.high, digest.low));
  stored_frames.push_back(std::move(stored));
}

void CraftedSnapshot::add_frame(std::span<const std::byte> inflated) { add_stored_frame(compressed(inflated), inflated.size()); }

void CraftedSnapshot::add_namespace(const std::string& name, std::uint32_t frame, std::uint32_t part, std::uint32_t services,
                                    std::uint32_t endpoints) {
  manifest.namespaces.emplace_back(static_cast<std::uint32_t>(manifest.names.size()), static_cast<std::uint32_t>(name.size()), frame, part,
                                   services, endpoints);
  manifest.names += name;
}

std::vector<std::byte> CraftedSnapshot::assemble() const {
  const std::vector<std::byte> inflated = manifest.encode();
  return assemble(compressed(inflated), inflated.size());
}

std::vector<std::byte> CraftedSnapshot::assemble(std::span<const std::byte> stored_manifest, std::uint64_t size) const {
  internal::Preamble preamble;
  preamble.major = 1;
  preamble.manifest_stored_size = static_cast<std::uint32_t>(stored_manifest.size());
  preamble.manifest_size = static_cast<std::uint32_t>(size);
  preamble.manifest_digest = internal::digest_of(stored_manifest);
  std::vector<std::byte> behind(stored_manifest.begin(), stored_manifest.end());
  for (const auto& frame : stored_frames) behind.insert(behind.end(), frame.begin(), frame.end());
  preamble.file_size = internal::kPreambleSize + behind.size();
  const auto head = internal::encode_preamble(preamble);
  std::vector<std::byte> file(head.begin(), head.end());
  file.insert(file.end(), behind.begin(), behind.end());
  return file;
}

std::vector<std::byte> snapshot_around(const CraftedFrame& frame) {
  CraftedSnapshot snapshot;
  snapshot.add_frame(frame.encode());
  for (std::uint32_t part = 0; part < frame.parts.size(); ++part) {
    snapshot.add_namespace(std::string(1, static_cast<char>('a' + part)), 0, part, frame.parts[part].rows, frame.parts[part].endpoints);
  }
  return snapshot.assemble();
}

std::uint64_t first_frame_of(std::span<const std::byte> snapshot) {
  return internal::kPreambleSize + internal::parse_preamble(snapshot, "a test's snapshot").manifest_stored_size;
}

}  // namespace almanac::support
