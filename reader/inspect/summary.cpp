#include "summary.h"

#include <utility>

#include "apportion.h"
#include "snapshot_data.h"

namespace almanac::inspect {
namespace {

// Each text ends in, or begins with, one byte of its own.
std::uint64_t bytes_of_text(const Namespace& services) {
  std::uint64_t bytes = 0;
  for (const Service& service : services) {
    bytes += service.name().size() + 1 + service.description().size() + 1;
    if (const auto value = service.value()) bytes += value->size() + 1;
    for (const Endpoint& endpoint : service.endpoints()) bytes += endpoint.uri().size() + 1;
  }
  return bytes;
}

void divide_frame(const Snapshot& snapshot, const FrameInfo& frame, const std::vector<std::size_t>& members,
                  std::vector<NamespaceSize>& sizes) {
  const bool shared = members.size() > 1;
  std::vector<std::uint64_t> weights;
  weights.reserve(members.size());
  for (const std::size_t member : members) {
    weights.push_back(shared ? bytes_of_text(internal::open_checked(snapshot, sizes[member].info.name)) : 1);
  }
  const std::vector<std::uint64_t> inflated = apportion(frame.size, weights);
  const std::vector<std::uint64_t> stored = apportion(frame.stored_size, weights);
  for (std::size_t i = 0; i < members.size(); ++i) {
    NamespaceSize& size = sizes[members[i]];
    size.inflated = inflated[i];
    size.stored = stored[i];
    size.shares_frame = shared;
  }
}

}  // namespace

SummaryReport summarize(Subject subject, const Selection& selection, std::chrono::system_clock::time_point now) {
  const Snapshot& snapshot = subject.snapshot;
  std::vector<NamespaceSize> sizes;
  std::vector<std::vector<std::size_t>> members(snapshot.frame_count());
  std::uint64_t services = 0;
  std::uint64_t endpoints = 0;
  for (const NamespaceInfo& info : selected_namespaces(snapshot, Selection{})) {
    members.at(info.frame).push_back(sizes.size());
    services += info.services;
    endpoints += info.endpoints;
    sizes.push_back({info, 0, 0, false});
  }
  std::uint64_t inflated = 0;
  std::uint64_t overhead = snapshot.size();
  for (std::size_t frame = 0; frame < members.size(); ++frame) {
    const FrameInfo info = snapshot.frame_info(frame);
    inflated += info.size;
    if (!members[frame].empty()) overhead -= info.stored_size;
    divide_frame(snapshot, info, members[frame], sizes);
  }
  const std::size_t count = sizes.size();
  if (selection.namespace_name) {
    const std::string_view wanted = selected_namespaces(snapshot, selection).front().name;
    std::erase_if(sizes, [&](const NamespaceSize& size) { return size.info.name != wanted; });
  }
  const internal::Moment moment = internal::moment_of(now);
  std::optional<internal::GenerationRollout> rollout;
  if (subject.is_live && unfinished_rollout(*subject.publication, moment)) rollout = subject.publication->rollout;
  return {std::move(subject), std::move(sizes), count, services, endpoints, inflated, overhead, std::move(rollout), moment};
}

}  // namespace almanac::inspect
