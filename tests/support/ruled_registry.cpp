#include "support/ruled_registry.h"

#include <almanac/snapshot.h>

#include <utility>

#include "snapshot_data.h"
#include "support/registry_builder.h"

namespace almanac::support {

std::vector<std::byte> snapshot_of_frames(const std::vector<std::string>& namespaces, const std::string& version) {
  constexpr int kFillers = 20;  // of 60 kB: a namespace of more than 1 MiB does not share a frame
  std::vector<NamespaceBuilder> builders;
  for (const std::string& name : namespaces) {
    NamespaceBuilder& one = builders.emplace_back(NamespaceBuilder{name, {service("users").uri("http://" + name + "/" + version)}});
    for (int i = 0; i < kFillers; ++i) one.services.push_back(service("filler/" + std::to_string(i)).value(std::string(60'000, 'x')));
  }
  return snapshot_of(builders);
}

std::vector<std::byte> with_rules(std::span<const std::byte> compiled, RuledSnapshot& rules) {
  const Snapshot opened = Snapshot::from_bytes(compiled, "the compiled snapshot");
  const internal::Manifest& manifest = internal::data_of(opened).manifest();
  CraftedSnapshot snapshot;
  for (const internal::ManifestFrame& frame : internal::each_of(manifest.frames)) {
    const auto stored = compiled.subspan(static_cast<std::size_t>(frame.offset), static_cast<std::size_t>(frame.stored_size));
    snapshot.add_stored_frame({stored.begin(), stored.end()}, frame.size);
  }
  for (const internal::ManifestNamespace& one : internal::each_of(manifest.namespaces)) {
    snapshot.add_namespace(std::string(one.name), one.frame, one.part, one.services, one.endpoints);
  }
  snapshot.manifest.caller_rules = rules.manifest().caller_rules;
  snapshot.manifest.caller_conditions = rules.manifest().caller_conditions;
  snapshot.manifest.caller_rollouts = rules.manifest().caller_rollouts;
  snapshot.manifest.caller_stages = rules.manifest().caller_stages;
  return snapshot.assemble();
}

internal::GenerationRollout rollout_from(const internal::Announcement& previous, std::uint64_t seed, internal::Schedule schedule) {
  return {previous.generation, previous.snapshot_id, previous.snapshot_size, previous.published, previous.revision, seed,
          std::move(schedule)};
}

}  // namespace almanac::support
