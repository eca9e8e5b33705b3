#include "ladder.h"

#include <almanac/error.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <span>
#include <system_error>
#include <utility>

#include "bundle.h"
#include "snapshot_data.h"

namespace almanac::internal {

namespace {

constexpr const char* kBundledFile = "the bundled file";

// Empty when a store of somebody else's throws instead: that is no reason not to ask it for what is live.
std::string identity_of(const Store& store) {
  try {
    return store.identity();
  } catch (...) {
    return {};
  }
}

bool is_snapshot_of(const Edition* served, const std::string& id) { return served != nullptr && served->snapshot.id() == id; }

// Whether it is worth to ask again: another answer says that what was asked for is lost. A store may forbid what is not there.
bool may_pass(ErrorCode code) noexcept { return code == ErrorCode::kTimedOut || code == ErrorCode::kInputOutput; }

// "(2) the last good copy: /tmp/x: ", and its problem, unless one of `before` had the same.
std::string reason(std::size_t number, std::string_view rung, std::string_view store, const Error& error, std::span<const Error> before) {
  std::string_view object = error.object();
  if (object.starts_with(store) && object.substr(store.size()).starts_with('/')) object.remove_prefix(store.size() + 1);
  std::string text = (number == 1 ? "(" : "; (") + std::to_string(number) + ") ";
  text.append(rung).append(": ");
  if (object != rung) text.append(object).append(": ");
  const bool is_known = std::ranges::any_of(before, [&](const Error& other) { return other.problem() == error.problem(); });
  return text.append(is_known ? "the same" : error.problem());
}

}  // namespace

std::chrono::system_clock::time_point Edition::next_change_after(std::chrono::system_clock::time_point time) const noexcept {
  auto first = std::chrono::system_clock::time_point::max();
  for (const auto change : {comes, namespaces.next}) {
    if (change > time) first = std::min(first, change);
  }
  return first;
}

Ladder::Ladder(std::shared_ptr<Store> store, const RegistryOptions& options)
    : store_(std::move(store)), options_(options), last_good_(options.cache_directory, identity_of(*store_)) {
  open_.cache_directory = options.cache_directory;
}

void Ladder::check_generation(std::uint64_t generation, const std::string& name) const {
  if (generation >= *options_.min_generation) return;
  const std::string problem = generation == 0 ? "has no generation" : "announces generation " + std::to_string(generation);
  throw Error(ErrorCode::kConflict, name,
              problem + ", and " + std::to_string(*options_.min_generation) +
                  " is the oldest that may be served (RegistryOptions::min_generation or ALMANAC_MIN_GENERATION)");
}

ServedNamespaces Ladder::open_namespaces_of(const Snapshot& snapshot, Moment at, const Edition* served) const {
  // A namespace that is added later changes nothing for who has always used the only one.
  const bool was_the_only_one = served != nullptr && served->namespaces.rule == nullptr;
  const std::string_view usual = was_the_only_one ? served->namespaces.default_namespace.name() : std::string_view();
  return open_namespaces(snapshot, {options_.namespace_name, usual, *options_.caller}, at);
}

Edition Ladder::edition_of(Origin origin, const Announcement& announcement, const Snapshot& snapshot, const Look& look,
                           const Edition* served) const {
  const bool is_same = is_snapshot_of(served, snapshot.id());
  Edition edition{is_same ? served->snapshot : snapshot,
                  {},
                  origin,
                  announcement.generation,
                  announcement.revision,
                  announcement.published,
                  announcement.generation,
                  {},
                  {},
                  {}};
  edition.namespaces = open_namespaces_of(edition.snapshot, moment_of(is_same ? look.of_served : look.of_new), served);
  // A start is waited for. But nothing that is wrong is to take the place of what is served, and its lookups are not to become slower.
  if (served != nullptr && !is_same) data_of(edition.snapshot).finish_indexes();
  return edition;
}

void Ladder::keep(const LiveSnapshot& live) const {
  SnapshotData& data = data_of(live.snapshot);
  if (!data.has_cache()) return;
  data.later([last_good = last_good_, number = last_good_.next_number(), announcement = live.announcement, current = live.object, &data] {
    data.finish_indexes();  // throws, and ends this, where rows are wrong: it is served, but not good
    last_good.keep(data, announcement, *current, number);
  });
}

Edition Ladder::open_all(Origin origin, const AnnouncedObject& announced, const Look& look, const Edition* served) const {
  check_generation(announced.announcement.generation, announced.name);
  const LiveSnapshot live = open_announced(store_, announced, open_);
  Edition edition = edition_of(origin, announced.announcement, live.snapshot, look, served);
  edition.etag = announced.etag;
  if (origin == Origin::kStore) {
    edition.rollout = announced.announcement.rollout;
    keep(live);
  }
  return edition;
}

std::optional<Edition> Ladder::open_previous(const AnnouncedObject& announced, const Look& look, const Edition* served) const {
  const Announcement& announcement = announced.announcement;
  const Announcement previous = previous_of(announcement);
  try {
    if (is_snapshot_of(served, previous.snapshot_id)) {
      return edition_of(Origin::kStore, previous, served->snapshot, look, served);
    }
    const AnnouncedObject object = fetch_previous(*store_, announcement);
    const LiveSnapshot live = open_announced(store_, object, open_);
    Edition edition = edition_of(Origin::kStore, previous, live.snapshot, look, served);
    keep(live);
    return edition;
  } catch (const Error& error) {
    if (may_pass(error.code())) throw;
    return std::nullopt;
  }
}

std::optional<Edition> Ladder::stay(const AnnouncedObject& announced, const Look& look, const Edition* served) const {
  const std::optional<GenerationRollout>& rollout = announced.announcement.rollout;
  // Who has this generation, or one that came after the previous one, has moved: nobody goes back while a rollout goes on.
  const std::uint64_t oldest = std::max(*options_.min_generation, served != nullptr ? served->generation : 0);
  if (!rollout || rollout->previous_generation < oldest) return std::nullopt;
  const RolloutStatus status = rollout->status_for(*options_.caller, moment_of(look.of_new));
  if (status.moved) return std::nullopt;
  std::optional<Edition> edition = open_previous(announced, look, served);
  if (!edition) return std::nullopt;
  edition->announced = announced.announcement.generation;
  edition->etag = announced.etag;
  edition->rollout = rollout;
  edition->waiting = std::make_shared<const AnnouncedObject>(announced);
  edition->comes = status.moves;
  return edition;
}

Edition Ladder::follow(const AnnouncedObject& announced, const Look& look, const Edition* served) const {
  const ReadDeadline until(look.deadline);
  if (std::optional<Edition> previous = stay(announced, look, served)) return *std::move(previous);
  return open_all(Origin::kStore, announced, look, served);
}

Edition Ladder::from_last_good(const Look& look) const {
  Object object;
  object.bytes = last_good_.read();
  return open_all(Origin::kCache, parse_announced(last_good_.name(), std::move(object)), look, nullptr);
}

Edition Ladder::from_bundled(const Look& look) const {
  if (options_.bundled.empty())
    throw Error(ErrorCode::kNotFound, kBundledFile, "none is named by RegistryOptions::bundled or ALMANAC_BUNDLED");
  std::unique_ptr<ByteSource> file = open_file(options_.bundled);
  if (std::optional<Object> bundle = read_bundle(*file)) {
    return open_all(Origin::kBundled, parse_announced(file->name(), *std::move(bundle)), look, nullptr);
  }
  check_generation(0, file->name());
  const Snapshot snapshot = open_snapshot(std::move(file), open_, late_work_for(open_));
  Announcement unknown;
  unknown.revision = snapshot.revision();
  return edition_of(Origin::kBundled, unknown, snapshot, look, nullptr);
}

Ladder::Landing Ladder::open(const Look& look) const {
  const ReadDeadline until(look.deadline);
  std::optional<AnnouncedObject> untried;  // announced, and its own snapshot was not asked for
  const auto from_store = [&] {
    GetOptions get;
    get.max_size = kMaxAnnouncedSize;
    get.deadline = look.deadline;
    untried = parse_announced(object_name(*store_, kCurrentKey), get_object(*store_, kCurrentKey, get));
    if (std::optional<Edition> previous = stay(*untried, look, nullptr)) return *std::move(previous);
    const AnnouncedObject live = *std::exchange(untried, std::nullopt);
    return open_all(Origin::kStore, live, look, nullptr);
  };
  struct Rung {
    const char* name;
    std::function<Edition()> open;
  };
  const std::array<Rung, 3> rungs = {{{"the store", from_store},
                                      {"the last good copy", [&] { return from_last_good(look); }},
                                      {kBundledFile, [&] { return from_bundled(look); }}}};
  std::vector<Error> failures;
  std::string reasons;
  for (const Rung& rung : rungs) {
    try {
      return {rung.open(), failures.empty() ? std::string() : failures.front().what()};
    } catch (const Error& error) {
      reasons += reason(failures.size() + 1, rung.name, store_->name(), error, failures);
      failures.push_back(error);
    }
  }
  if (untried) {
    // Better a generation that was to come later than none.
    try {
      return {open_all(Origin::kStore, *untried, look, nullptr), failures.front().what()};
    } catch (const Error&) {
      // There is none, for the reasons that are known.
    }
  }
  throw Error(failures.front().code(), std::string(store_->name()), "nothing to serve: " + reasons);
}

std::optional<AnnouncedObject> Ladder::ask(const Edition& served, const Look& look) const {
  GetOptions get;
  get.if_none_match = served.etag;
  get.max_size = kMaxAnnouncedSize;
  get.answer_by = look.answer_by;
  get.deadline = look.deadline;
  std::optional<Object> changed = get_if_changed(*store_, kCurrentKey, get);
  if (!changed) return std::nullopt;
  AnnouncedObject announced = parse_announced(object_name(*store_, kCurrentKey), *std::move(changed));
  if (announced.announcement.generation < served.announced) {
    throw Error(ErrorCode::kConflict, announced.name,
                "announces generation " + std::to_string(announced.announcement.generation) + ", older than " +
                    std::to_string(served.announced) + (served.waiting ? " which was announced before" : " which is being served"));
  }
  return announced;
}

std::optional<Edition> Ladder::next_generation(const Edition& served, const Look& look) const {
  if (!served.waiting || look.of_new < served.comes) return std::nullopt;
  return follow(*served.waiting, look, &served);
}

std::optional<Edition> Ladder::next_namespaces(const Edition& served, const Look& look) const {
  if (look.of_served < served.namespaces.next) return std::nullopt;
  const ReadDeadline until(look.deadline);
  Edition edition = served;
  edition.namespaces = open_namespaces_of(served.snapshot, moment_of(look.of_served), &served);
  return edition;
}

std::vector<std::string> Ladder::warnings(const Edition& opened) const {
  std::vector<std::string> texts;
  if (options_.cache_directory.empty()) {
    texts.emplace_back("the cache directory: there is none, as there is no folder for temporary files; name one");
  } else if (!data_of(opened.snapshot).has_cache()) {
    texts.push_back(unusable(options_.cache_directory).what());
  }
  if (!options_.bundled.empty() && ::access(options_.bundled.c_str(), R_OK) != 0) {
    texts.push_back(options_.bundled.string() + ": the bundled file cannot be opened: " + std::system_category().message(errno));
  }
  return texts;
}

}  // namespace almanac::internal
