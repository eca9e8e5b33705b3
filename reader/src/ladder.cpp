#include "ladder.h"

#include <almanac/error.h>

#include <exception>
#include <utility>

#include "bundle.h"
#include "snapshot_data.h"

namespace almanac::internal {

namespace {

// Empty when a store of somebody else's throws instead: that is no reason not to ask it for what is live.
std::string identity_of(const Store& store) {
  try {
    return store.identity();
  } catch (...) {
    return {};
  }
}

}  // namespace

Ladder::Ladder(std::shared_ptr<Store> store, const RegistryOptions& options)
    : store_(std::move(store)), options_(options), last_good_(options.cache_directory, identity_of(*store_)) {
  open_.cache_directory = options.cache_directory;
}

Namespace Ladder::default_namespace_of(const Snapshot& snapshot, const std::string& name) const {
  if (!options_.namespace_name.empty()) return snapshot.in(options_.namespace_name);
  if (snapshot.namespace_count() == 1) return snapshot.in(snapshot.namespace_info(0).name);
  throw Error(ErrorCode::kInvalidArgument, name,
              "has " + std::to_string(snapshot.namespace_count()) +
                  " namespaces; name one with RegistryOptions::namespace_name or ALMANAC_NAMESPACE");
}

void Ladder::check_generation(std::uint64_t generation, const std::string& name) const {
  if (generation >= *options_.min_generation) return;
  const std::string problem = generation == 0 ? "has no generation" : "announces generation " + std::to_string(generation);
  throw Error(ErrorCode::kConflict, name,
              problem + ", and " + std::to_string(*options_.min_generation) +
                  " is the oldest that may be served (RegistryOptions::min_generation or ALMANAC_MIN_GENERATION)");
}

Edition Ladder::announced(Origin origin, const std::string& name, Object object, Deadline deadline, const Edition* known) const {
  LiveSnapshot live = open_object(store_, name, std::move(object), open_, deadline);
  const Announcement& announcement = live.announcement;
  check_generation(announcement.generation, name);
  if (known != nullptr && announcement.generation < known->generation) {
    throw Error(ErrorCode::kConflict, name,
                "announces generation " + std::to_string(announcement.generation) + ", older than " + std::to_string(known->generation) +
                    " which is being served");
  }
  // A rollback to it, a pin: what is open stays open.
  const bool is_known = known != nullptr && known->snapshot.id() == live.snapshot.id();
  Edition edition{is_known ? known->snapshot : live.snapshot,
                  {},
                  origin,
                  announcement.generation,
                  announcement.revision,
                  announcement.published,
                  live.etag};
  edition.default_namespace = default_namespace_of(edition.snapshot, name);
  *live.deadline = Deadline::max();
  if (origin == Origin::kStore) last_good_.keep(live);
  return edition;
}

Edition Ladder::from_store(Deadline deadline) const {
  GetOptions get;
  get.max_size = kMaxAnnouncedSize;
  get.deadline = deadline;
  return announced(Origin::kStore, object_name(*store_, kCurrentKey), get_object(*store_, kCurrentKey, get), deadline);
}

Edition Ladder::from_last_good(Deadline deadline) const {
  Object object;
  object.bytes = last_good_.read();
  return announced(Origin::kCache, last_good_.name(), std::move(object), deadline);
}

Edition Ladder::from_bundled(Deadline deadline) const {
  if (options_.bundled.empty())
    throw Error(ErrorCode::kNotFound, "the bundled file", "none is named by RegistryOptions::bundled or ALMANAC_BUNDLED");
  std::unique_ptr<ByteSource> file = open_file(options_.bundled);
  if (std::optional<Object> bundle = read_bundle(*file)) {
    return announced(Origin::kBundled, file->name(), *std::move(bundle), deadline);
  }
  const std::string name = file->name();
  check_generation(0, name);
  Edition edition{open_snapshot(std::move(file), open_), {}, Origin::kBundled, 0, {}, {}, {}};
  edition.revision = edition.snapshot.revision();
  edition.default_namespace = default_namespace_of(edition.snapshot, name);
  return edition;
}

Ladder::Landing Ladder::open(Deadline deadline) const {
  struct Rung {
    const char* name;
    Edition (Ladder::*open)(Deadline) const;
  };
  std::optional<Error> failure;  // of the store
  std::string reasons;
  for (const Rung rung :
       {Rung{"store", &Ladder::from_store}, Rung{"cache", &Ladder::from_last_good}, Rung{"bundled", &Ladder::from_bundled}}) {
    try {
      return {(this->*rung.open)(deadline), failure ? failure->what() : std::string()};
    } catch (const Error& error) {
      reasons.append(reasons.empty() ? "" : "; ").append(rung.name).append(": ").append(error.what());
      if (!failure) failure = error;
    }
  }
  throw Error(failure->code(), std::string(store_->name()), "nothing to serve: " + reasons);
}

std::optional<Edition> Ladder::refresh(const Edition& served, Deadline answer_by, Deadline deadline) const {
  GetOptions get;
  get.if_none_match = served.etag;
  get.max_size = kMaxAnnouncedSize;
  get.answer_by = answer_by;
  get.deadline = deadline;
  std::optional<Object> changed = get_if_changed(*store_, kCurrentKey, get);
  if (!changed) return std::nullopt;
  return announced(Origin::kStore, object_name(*store_, kCurrentKey), *std::move(changed), deadline, &served);
}

}  // namespace almanac::internal
