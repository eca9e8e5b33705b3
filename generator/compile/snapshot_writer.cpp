#include "compile/snapshot_writer.h"

#include <almanac/version.h>
#include <zstd.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>

#include "compile/caller_rules_encoder.h"
#include "compile/compile_error.h"
#include "compile/frame_encoder.h"
#include "compile/frame_planner.h"
#include "digest.h"
#include "manifest_generated.h"
#include "preamble.h"

namespace almanac::compile {

namespace {

using internal::Bytes;

struct StoredFrame {
  std::vector<std::byte> bytes;
  std::uint64_t size = 0;  // inflated
};

class Compressor {
 public:
  explicit Compressor(int level) : level_(level), context_(ZSTD_createCCtx(), ZSTD_freeCCtx) {
    if (!context_) throw std::bad_alloc();
  }

  StoredFrame compress(Bytes bytes) {
    StoredFrame frame{std::vector<std::byte>(ZSTD_compressBound(bytes.size())), bytes.size()};
    const std::size_t size = ZSTD_compressCCtx(context_.get(), frame.bytes.data(), frame.bytes.size(), bytes.data(), bytes.size(), level_);
    if (ZSTD_isError(size) != 0U) throw CompileError(std::string("zstd cannot compress: ") + ZSTD_getErrorName(size));
    frame.bytes.resize(size);
    frame.bytes.shrink_to_fit();
    return frame;
  }

 private:
  int level_;
  std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context_;
};

// Encodes and compresses the frames, each by one thread, and keeps them in their order.
class FrameWorkers {
 public:
  FrameWorkers(const model::Registry& registry, std::span<const FramePlan> plan, int level, progress::Progress& progress)
      : registry_(registry), plan_(plan), level_(level), progress_(progress), frames_(plan.size()) {}

  std::vector<StoredFrame> run(unsigned threads) {
    std::uint64_t total = 0;
    for (const FramePlan& frame : plan_) total += frame.bytes;
    progress_.begin("compressing", total);
    {
      std::vector<std::jthread> workers;
      for (unsigned i = 1; i < std::min<std::size_t>(threads, plan_.size()); ++i) workers.emplace_back([this] { work(); });
      work();
    }
    progress_.end();
    if (failure_) std::rethrow_exception(failure_);
    return std::move(frames_);
  }

 private:
  void work() noexcept {
    try {
      Compressor compressor(level_);
      for (std::size_t number = next_++; number < plan_.size(); number = next_++) {
        const FramePlan& frame = plan_[number];
        const auto encoded = encode_frame(std::span(registry_.namespaces).subspan(frame.first, frame.namespaces));
        frames_[number] = compressor.compress(std::as_bytes(std::span(encoded.data(), encoded.size())));
        report(frame);
      }
    } catch (...) {
      next_ = plan_.size();
      const std::scoped_lock lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
    }
  }

  void report(const FramePlan& frame) {
    const std::scoped_lock lock(mutex_);
    done_ += frame.bytes;
    for (std::size_t i = 0; i < frame.namespaces; ++i) services_ += registry_.namespaces[frame.first + i].services.size();
    progress_.advance(done_, services_);
  }

  const model::Registry& registry_;
  std::span<const FramePlan> plan_;
  int level_;
  progress::Progress& progress_;
  std::vector<StoredFrame> frames_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;  // guards what follows, and progress_
  std::uint64_t done_ = 0;
  std::uint64_t services_ = 0;
  std::exception_ptr failure_;
};

std::vector<format::NamespaceEntry> namespace_entries(const model::Registry& registry, std::span<const FramePlan> plan) {
  std::vector<format::NamespaceEntry> entries;
  std::uint32_t name_offset = 0;
  for (std::uint32_t frame = 0; frame < plan.size(); ++frame) {
    for (std::uint32_t part = 0; part < plan[frame].namespaces; ++part) {
      const model::Namespace& name_space = registry.namespaces[plan[frame].first + part];
      std::uint32_t endpoints = 0;
      for (const model::Service& service : name_space.services) endpoints += static_cast<std::uint32_t>(service.endpoints.size());
      const auto name_size = static_cast<std::uint32_t>(name_space.name.size());
      entries.emplace_back(name_offset, name_size, frame, part, static_cast<std::uint32_t>(name_space.services.size()), endpoints);
      name_offset += name_size;
    }
  }
  return entries;
}

flatbuffers::Offset<flatbuffers::Vector<std::uint8_t>> bytes(flatbuffers::FlatBufferBuilder& builder, std::string_view text) {
  return builder.CreateVector(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

// An absent vector where there is nothing.
template <typename Struct>
flatbuffers::Offset<flatbuffers::Vector<const Struct*>> structs(flatbuffers::FlatBufferBuilder& builder, const std::vector<Struct>& items) {
  return items.empty() ? flatbuffers::Offset<flatbuffers::Vector<const Struct*>>() : builder.CreateVectorOfStructs(items);
}

flatbuffers::DetachedBuffer encode_manifest(const model::Registry& registry, std::span<const FramePlan> plan,
                                            std::span<const StoredFrame> frames) {
  std::vector<format::FrameEntry> frame_entries;
  std::uint64_t offset = 0;
  for (const StoredFrame& frame : frames) {
    const internal::Digest digest = internal::digest_of(frame.bytes);
    frame_entries.emplace_back(offset, frame.bytes.size(), frame.size, format::Digest(digest.high, digest.low));
    offset += frame.bytes.size();
  }
  std::string all_names;
  for (const model::Namespace& name_space : registry.namespaces) all_names += name_space.name;

  flatbuffers::FlatBufferBuilder builder;
  const EncodedCallerRules encoded = encode_caller_rules(registry);
  const auto stages = structs(builder, encoded.stages);
  const auto rollouts = structs(builder, encoded.rollouts);
  flatbuffers::Offset<flatbuffers::Vector<std::uint8_t>> conditions;
  if (!encoded.conditions.empty()) conditions = bytes(builder, encoded.conditions);
  const auto rules = structs(builder, encoded.rules);
  const auto names = bytes(builder, all_names);
  const auto namespaces = builder.CreateVectorOfStructs(namespace_entries(registry, plan));
  const auto frame_list = builder.CreateVectorOfStructs(frame_entries);
  flatbuffers::Offset<flatbuffers::String> revision;
  if (!registry.revision.empty()) revision = builder.CreateString(registry.revision);
  flatbuffers::Offset<flatbuffers::String> name;
  if (!registry.name.empty()) name = builder.CreateString(registry.name);
  format::ManifestBuilder manifest(builder);
  manifest.add_registry(name);
  manifest.add_revision(revision);
  manifest.add_frames(frame_list);
  manifest.add_namespaces(namespaces);
  manifest.add_names(names);
  manifest.add_caller_rules(rules);
  manifest.add_caller_conditions(conditions);
  manifest.add_caller_rollouts(rollouts);
  manifest.add_caller_stages(stages);
  builder.Finish(manifest.Finish(), format::ManifestIdentifier());
  return builder.Release();
}

}  // namespace

std::vector<std::byte> compile_snapshot(const model::Registry& registry, const CompileOptions& options, progress::Progress& progress) {
  const unsigned threads = options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  const std::vector<FramePlan> plan = plan_frames(registry);
  const std::vector<StoredFrame> frames = FrameWorkers(registry, plan, options.level, progress).run(threads);
  const auto encoded = encode_manifest(registry, plan, frames);
  if (encoded.size() > internal::kMaxManifestSize) {
    throw CompileError("the names of the namespaces and the caller rules make a manifest of " + std::to_string(encoded.size()) +
                       " bytes, and the limit is " + std::to_string(internal::kMaxManifestSize) + "; shorten them, or split the registry");
  }
  const StoredFrame manifest = Compressor(options.level).compress(std::as_bytes(std::span(encoded.data(), encoded.size())));

  internal::Preamble preamble;
  preamble.major = kFormatMajor;
  preamble.minor = registry.caller_rules.empty() ? 0 : 1;
  preamble.manifest_stored_size = static_cast<std::uint32_t>(manifest.bytes.size());
  preamble.manifest_size = static_cast<std::uint32_t>(manifest.size);
  preamble.manifest_digest = internal::digest_of(manifest.bytes);
  preamble.file_size = internal::kPreambleSize + manifest.bytes.size();
  for (const StoredFrame& frame : frames) preamble.file_size += frame.bytes.size();

  std::vector<std::byte> snapshot;
  snapshot.reserve(static_cast<std::size_t>(preamble.file_size));
  const auto append = [&snapshot](Bytes bytes) { snapshot.insert(snapshot.end(), bytes.begin(), bytes.end()); };
  append(internal::encode_preamble(preamble));
  append(manifest.bytes);
  for (const StoredFrame& frame : frames) append(frame.bytes);
  return snapshot;
}

}  // namespace almanac::compile
