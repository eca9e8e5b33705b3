// What is in a snapshot and where: the checked manifest. schema/FORMAT.md, "Manifest".
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "byte_source.h"
#include "caller_rules.h"
#include "digest.h"
#include "manifest_generated.h"
#include "mapping.h"
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

// The entries of a manifest stay where they lie in its inflated bytes, and each is read when it is asked for: a reader of one
// namespace has no use for the thousands around it. Both of these borrow from the Manifest.
class ManifestFrames {
 public:
  ManifestFrames() = default;
  // `base` is where the first frame begins in the file.
  ManifestFrames(std::span<const format::FrameEntry> entries, std::uint64_t base) noexcept : entries_(entries), base_(base) {}

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  // `number` is less than size().
  [[nodiscard]] ManifestFrame operator[](std::size_t number) const noexcept;

 private:
  std::span<const format::FrameEntry> entries_;
  std::uint64_t base_ = 0;
};

// In byte order of their names, which differ.
class ManifestNamespaces {
 public:
  ManifestNamespaces() = default;
  // The names lie inside `names`.
  ManifestNamespaces(std::span<const format::NamespaceEntry> entries, std::string_view names) noexcept : entries_(entries), names_(names) {}

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  // `number` is less than size().
  [[nodiscard]] ManifestNamespace operator[](std::size_t number) const noexcept;
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const noexcept;

 private:
  [[nodiscard]] std::string_view name_of(const format::NamespaceEntry& entry) const noexcept {
    return {names_.data() + entry.name_offset(), entry.name_size()};
  }

  std::span<const format::NamespaceEntry> entries_;
  std::string_view names_;
};

// The entries of one of these, one after another, to walk along.
template <class Entries>
[[nodiscard]] auto each_of(const Entries& entries) {
  return std::views::iota(std::size_t{0}, entries.size()) |
         std::views::transform([entries](std::size_t number) { return entries[number]; });
}

// Everything in it has been checked against itself and the file's size. Owns what its views show.
struct Manifest {
  Preamble preamble;
  std::string_view registry;
  std::string_view revision;
  ManifestFrames frames;
  ManifestNamespaces namespaces;
  std::vector<CallerRule> caller_rules;
  Bytes inflated;
  std::unique_ptr<std::byte[]> memory;  // of `inflated`, unless that has pages of its own, which are sooner to be had for many bytes
  Mapping pages;
};

// "prod", "test" and 3 more: for messages.
[[nodiscard]] std::string namespace_names(const Manifest& manifest);

// "has no namespace "x"; it has …": for an Error kNotFound.
[[nodiscard]] std::string missing_namespace(const Manifest& manifest, std::string_view name);

// Reads the preamble and the manifest. Throws Error as Snapshot::open() does.
[[nodiscard]] Manifest read_manifest(const ByteSource& source);

}  // namespace almanac::internal
