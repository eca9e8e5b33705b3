#include "verify.h"

#include <almanac/error.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "control_characters.h"
#include "glob.h"
#include "snapshot_data.h"

namespace almanac::internal {

namespace {

constexpr std::size_t kMaxUriSize = 8192;

class FrameVerifier {
 public:
  FrameVerifier(const Frame& frame, const std::string& object, std::uint64_t offset) : frame_(frame), object_(object), offset_(offset) {}

  void check_part(const Part& part, std::string_view name) const {
    const NamespaceData data(frame_, part, name);
    std::string_view previous;
    Service service = data.begin().service;
    for (std::uint32_t row = 0; row < data.size(); ++row, service = data.service_after(service)) {
      if (service.name() <= previous) corrupt("the names are not in byte order", service);
      const auto found = data.view().find(service.name());
      if (!found || found->name().data() != service.name().data()) corrupt("a name is not found by the index", service);
      check_row(service, part.row + row);
      previous = service.name();
    }
  }

 private:
  [[noreturn]] void corrupt(std::string_view problem, const Service& service) const {
    throw Error(ErrorCode::kCorrupt, object_, "frame: " + std::string(problem) + ": service \"" + std::string(service.name()) + "\"",
                offset_);
  }

  void check_row(const Service& service, std::uint32_t row) const {
    if (frame_.tags[row] >= frame_.tag_sets.offsets.size() || frame_.attributes[row] >= frame_.attribute_sets.offsets.size()) {
      corrupt("a set is not in its table", service);
    }
    if (service.endpoints().empty() && !service.value()) corrupt("there is neither an endpoint nor a value", service);
    if (has_control(service.name())) corrupt("a name has control characters", service);
    for (const Endpoint& endpoint : service.endpoints()) {
      if (endpoint.uri().empty() || endpoint.uri().size() > kMaxUriSize) corrupt("a uri is empty or longer than 8,192 bytes", service);
      if (has_control(endpoint.uri())) corrupt("a uri has control characters", service);
    }
  }

  const Frame& frame_;
  const std::string& object_;
  std::uint64_t offset_;
};

// Number 0 of a table means "none".
void check_tables(const Frame& frame, const std::string& object, std::uint64_t offset) {
  for (const TextTable* table : {&frame.labels, &frame.tag_sets, &frame.attribute_sets}) {
    if (!table->offsets.empty() && (*table)[0].size() != 1)
      throw Error(ErrorCode::kCorrupt, object, "frame: entry 0 of a table is not empty", offset);
  }
}

// Every part belongs to exactly one namespace.
void check_owners(const Frame& frame, const std::vector<ManifestNamespace>& owners, const std::string& object, std::uint64_t offset) {
  std::vector<bool> owned(frame.parts.size());
  std::size_t parts = 0;
  for (const ManifestNamespace& entry : owners) {
    if (entry.part < owned.size() && !owned[entry.part]) ++parts;
    if (entry.part < owned.size()) owned[entry.part] = true;
  }
  if (parts != owned.size() || parts != owners.size()) {
    throw Error(ErrorCode::kCorrupt, object, "frame: has other namespaces than the manifest has in it", offset);
  }
}

// Numbers that every endpoint has of the tables.
void check_endpoints(const Frame& frame, std::uint32_t endpoints, const std::string& object, std::uint64_t offset) {
  constexpr std::uint32_t kMaxWeight = 65535;
  for (std::uint32_t i = 0; i < endpoints; ++i) {
    if (frame.endpoint_version[i] >= frame.labels.offsets.size() || frame.endpoint_zone[i] >= frame.labels.offsets.size() ||
        frame.endpoint_tags[i] >= frame.tag_sets.offsets.size() || frame.endpoint_attributes[i] >= frame.attribute_sets.offsets.size()) {
      throw Error(ErrorCode::kCorrupt, object, "frame: endpoint " + std::to_string(i) + " names an entry that its table does not have",
                  offset);
    }
    if (frame.endpoint_weight[i] > kMaxWeight) {
      throw Error(ErrorCode::kCorrupt, object, "frame: endpoint " + std::to_string(i) + " has a weight over 65,535", offset);
    }
  }
}

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t size = size_of_character(text);
    if (size == 1 && static_cast<unsigned char>(text.front()) >= 0x80) return false;
    text.remove_prefix(size);
  }
  return true;
}

void check_caller_rules(const Manifest& manifest, const std::string& object) {
  const auto corrupt = [&](const std::string& problem) {
    throw Error(ErrorCode::kCorrupt, object, "manifest: " + problem, manifest.preamble.preamble_size);
  };
  if (!manifest.caller_rules.empty() && manifest.preamble.minor == 0) corrupt("has caller rules, which version 1.0 does not have");
  for (std::size_t i = 0; i < manifest.caller_rules.size(); ++i) {
    for (const Condition& condition : manifest.caller_rules[i].conditions) {
      if (!is_utf8(condition.property) || !std::ranges::all_of(condition.patterns, is_utf8)) {
        corrupt("caller rule " + std::to_string(i + 1) + " has a text that is not UTF-8");
      }
    }
  }
}

}  // namespace

void verify(const SnapshotData& snapshot) {
  const Manifest& manifest = snapshot.manifest();
  check_caller_rules(manifest, snapshot.source().name());
  std::vector<std::vector<ManifestNamespace>> namespaces_of(manifest.frames.size());
  for (const ManifestNamespace& entry : each_of(manifest.namespaces)) namespaces_of[entry.frame].push_back(entry);
  const std::string& object = snapshot.source().name();
  for (std::size_t number = 0; number < manifest.frames.size(); ++number) {
    const std::uint64_t offset = manifest.frames[number].offset;
    const auto frame = snapshot.load_frame_afresh(number);
    finish_index(*frame, object, offset);
    check_owners(*frame, namespaces_of[number], object, offset);
    check_tables(*frame, object, offset);
    const FrameVerifier verifier(*frame, object, offset);
    std::uint32_t endpoints = 0;
    for (const ManifestNamespace& entry : namespaces_of[number]) {
      verifier.check_part(part_of(*frame, entry, object, offset), entry.name);
      endpoints += entry.endpoints;
    }
    check_endpoints(*frame, endpoints, object, offset);
  }
}

}  // namespace almanac::internal
