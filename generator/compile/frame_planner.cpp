#include "compile/frame_planner.h"

#include <algorithm>
#include <string>

#include "compile/compile_error.h"

namespace almanac::compile {

namespace {

// A FlatBuffer ends below 2 GiB. The encoder checks again when it knows the sets and labels too.
constexpr std::uint64_t kMaxNamespaceSize = (std::uint64_t{1} << 31U) - 1;
constexpr std::uint64_t kMaxNamespaces = 1'000'000;

// A row's slot, its share of pilots and checkpoints, and its numbers in the columns.
constexpr std::uint64_t kBytesPerRow = 24;
constexpr std::uint64_t kBytesPerEndpoint = 8;

std::uint64_t size_of(const model::Service& service) {
  std::uint64_t size = kBytesPerRow + service.name.size() + 1 + service.description.size() + 1;
  if (service.value) size += service.value->size() + 1;
  for (const model::Endpoint& endpoint : service.endpoints) size += kBytesPerEndpoint + endpoint.uri.size() + 1;
  return size;
}

std::uint64_t size_of(const model::Namespace& name_space) {
  std::uint64_t size = 0;
  for (const model::Service& service : name_space.services) size += size_of(service);
  if (size > kMaxNamespaceSize) {
    throw CompileError("namespace \"" + std::string(name_space.name) + "\" takes " + std::to_string(size) + " bytes, and the limit is " +
                       std::to_string(kMaxNamespaceSize) + "; split it into several");
  }
  return size;
}

bool may_share(std::uint64_t bytes, std::uint64_t smallest) {
  return bytes <= std::clamp(kSharedTimesSmallest * smallest, kSharedSize, kMostSharedSize);
}

}  // namespace

std::vector<FramePlan> plan_frames(const model::Registry& registry) {
  if (registry.namespaces.size() > kMaxNamespaces) {
    throw CompileError("the registry has " + std::to_string(registry.namespaces.size()) + " namespaces, and the limit is " +
                       std::to_string(kMaxNamespaces));
  }
  std::vector<FramePlan> frames;
  std::uint64_t smallest = 0;  // of the last frame
  for (std::size_t i = 0; i < registry.namespaces.size(); ++i) {
    const std::uint64_t size = size_of(registry.namespaces[i]);
    smallest = std::min(smallest, size);
    if (frames.empty() || !may_share(frames.back().bytes + size, smallest)) {
      frames.push_back({i, 0, 0});
      smallest = size;
    }
    ++frames.back().namespaces;
    frames.back().bytes += size;
  }
  return frames;
}

}  // namespace almanac::compile
