// What is in a snapshot and where: the checked manifest. schema/FORMAT.md, "Manifest".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "byte_source.h"
#include "caller_rules.h"
#include "digest.h"
#include "preamble.h"

namespace almanac::internal {

struct ManifestFrame {
  std::uint64_t offset = 0;  // in the file
  std::uint64_t stored_size = 0;
  std::uint64_t size = 0;
  Digest digest;
};

struct ManifestNamespace {
  std::string_view name;
  std::uint32_t frame = 0;
  std::uint32_t part = 0;
  std::uint32_t services = 0;
  std::uint32_t endpoints = 0;
};

// Everything in it has been checked against itself and the file's size. Owns what its views show.
struct Manifest {
  Preamble preamble;
  std::string_view registry;
  std::string_view revision;
  std::vector<ManifestFrame> frames;
  std::vector<ManifestNamespace> namespaces;  // in byte order of their names, which differ
  std::vector<CallerRule> caller_rules;
  std::vector<std::byte> inflated;

  [[nodiscard]] std::optional<std::size_t> find(std::string_view namespace_name) const noexcept;
};

// "prod", "test" and 3 more: for messages.
[[nodiscard]] std::string namespace_names(const Manifest& manifest);

// "has no namespace "x"; it has …": for an Error kNotFound.
[[nodiscard]] std::string missing_namespace(const Manifest& manifest, std::string_view name);

// Reads the preamble and the manifest. Throws Error as Snapshot::open() does.
[[nodiscard]] Manifest read_manifest(const ByteSource& source);

}  // namespace almanac::internal
