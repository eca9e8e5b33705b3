#include <almanac/registry.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <utility>

#include "background.h"
#include "backoff.h"
#include "choice.h"
#include "judged_time.h"
#include "ladder.h"
#include "registry_access.h"
#include "settings.h"
#include "snapshot_data.h"

namespace almanac {

namespace {

using Clock = std::chrono::system_clock;
using std::chrono::milliseconds;

Deadline in(milliseconds time) { return std::chrono::steady_clock::now() + time; }

StoreTraffic since(const StoreTraffic& before, const StoreTraffic& now) {
  return {now.requests - before.requests, now.bytes - before.bytes};
}

// Of what is served, and of what it is on the way to.
void describe(const internal::Edition& edition, const Caller& caller, const internal::JudgedTime& judged, Clock::time_point now,
              RegistryStatus& status) {
  status.generation = edition.generation;
  status.id = edition.snapshot.id();
  status.revision = edition.revision;
  status.origin = edition.origin;
  status.published = edition.published;
  status.namespace_name = edition.namespaces.default_namespace.name();
  status.instance = caller.get("instance");
  if (edition.namespaces.rule != nullptr) {
    const Choice choice = internal::choice_of(internal::data_of(edition.snapshot).manifest(), *edition.namespaces.rule,
                                              edition.namespaces.move, internal::moment_of(judged.of_served(now)));
    status.rule = choice.rule;
    status.going_to = choice.going_to;
    status.namespace_rollout = choice.rollout;
    // Its moment may have come, and the namespace not.
    if (choice.rollout) status.namespace_rollout->moved = !choice.going_to.empty() && choice.going_to == status.namespace_name;
  }
  if (edition.rollout) {
    status.generation_rollout = edition.rollout->status_for(caller, internal::moment_of(judged.of_new(now)));
    status.generation_rollout->moved = edition.waiting == nullptr;
    if (edition.waiting != nullptr) status.next_generation = edition.announced;
  }
}

}  // namespace

// What is served, and when the store is to be looked at again.
class Registry::Live {
 public:
  Live(std::shared_ptr<Store> store, RegistryOptions options, internal::WallClock now)
      : store_(std::move(store)), options_(internal::settled(std::move(options))), now_(std::move(now)), ladder_(store_, options_) {
    const Clock::time_point begin = now_();
    const Deadline deadline = in(options_.open_deadline);
    internal::Look look = look_at(begin, deadline, deadline);
    internal::Ladder::Landing landing = ladder_.open(look);
    newest_ = landing.edition.announced;
    status_.warnings = ladder_.warnings(landing.edition);
    (void)serve(std::move(landing.edition), look);
    finish(begin, {landing.error.empty(), false, landing.error});
    if (options_.background) start_background();
  }

  View view() {
    const Clock::time_point now = now_();
    if (!options_.background && is_due(now)) look();
    const std::scoped_lock lock(mutex_);
    view_.taken_ = judged_.advance(now);
    return view_;
  }

  RegistryStatus status() const {
    const Clock::time_point now = now_();
    RegistryStatus status;
    std::shared_ptr<const internal::Edition> edition;
    internal::JudgedTime judged;
    {
      const std::scoped_lock lock(mutex_);
      status = status_;
      edition = edition_;
      judged = judged_;
    }
    describe(*edition, caller(), judged, now, status);
    const Clock::time_point known = status.checked != Clock::time_point() ? status.checked : status.published;
    if (known != Clock::time_point()) status.age = std::max(std::chrono::duration_cast<milliseconds>(now - known), milliseconds::zero());
    status.traffic = store_->traffic();
    return status;
  }

  const Caller& caller() const noexcept { return *options_.caller; }

 private:
  // What a look came to.
  struct Result {
    bool is_confirmed = false;  // the store has what is served, or will be once it has come to this instance
    bool is_changed = false;
    std::string error;  // the first
  };

  bool is_due(Clock::time_point now) const noexcept {
    // Before the last look: the clock was put back, and what it said is no guide.
    return now.time_since_epoch().count() >= due_ || now.time_since_epoch().count() < looked_;
  }

  // One thread looks at the store; the others go on with what there is. That holds until the hook has returned, so that it may
  // call view().
  void look() {
    if (looking_.exchange(true)) return;
    const struct Release {
      std::atomic<bool>& flag;
      ~Release() { flag = false; }
    } release{looking_};
    const Clock::time_point begin = now_();
    if (!is_due(begin)) return;  // somebody has looked just now
    const auto started = std::chrono::steady_clock::now();
    const StoreTraffic before = store_->traffic();
    const Deadline deadline = in(options_.open_deadline);
    const Result result = look_once(begin, options_.background ? deadline : in(options_.refresh_deadline), deadline);
    finish(begin, result);
    if (!options_.on_refresh) return;
    RefreshEvent event;
    using Outcome = RefreshEvent::Outcome;
    event.outcome = result.is_changed ? Outcome::kChanged : result.error.empty() ? Outcome::kUnchanged : Outcome::kFailed;
    event.error = result.error;
    event.generation = edition_->generation;
    event.duration = std::chrono::steady_clock::now() - started;
    event.traffic = since(before, store_->traffic());
    try {
      options_.on_refresh(event);
    } catch (...) {
      // As the header says, it is dropped: a hook that fails is no reason to stop serving.
    }
  }

  // First what the store says, then what the clock does, whatever came of that: what it brings may be here. Where it is not, it is
  // waited for until the deadline too.
  Result look_once(Clock::time_point begin, Deadline answer_by, Deadline deadline) {
    Result result;
    internal::Look look = look_at(begin, answer_by, deadline);
    const auto attempt = [&](const auto& step) {
      try {
        if (std::optional<internal::Edition> next = step()) result.is_changed |= serve(*std::move(next), look);
        return true;
      } catch (const std::exception& error) {
        if (result.error.empty()) result.error = error.what();
        return false;
      }
    };
    bool is_announced = false;
    result.is_confirmed = attempt([&]() -> std::optional<internal::Edition> {
      const std::optional<internal::AnnouncedObject> announced = ladder_.ask(*edition_, look);
      if (!announced) return std::nullopt;
      is_announced = true;
      newest_ = std::max(newest_, announced->announcement.generation);
      return ladder_.follow(*announced, look, edition_.get());
    });
    // Unless something newer is announced, and be it that it could not be had: that may be there to end this rollout.
    if (!is_announced && edition_->announced == newest_) attempt([&] { return ladder_.next_generation(*edition_, look); });
    attempt([&] { return ladder_.next_namespaces(*edition_, look); });
    return result;
  }

  internal::Look look_at(Clock::time_point begin, Deadline answer_by, Deadline deadline) {
    const std::scoped_lock lock(mutex_);
    return {judged_.advance(begin), judged_.of_new(begin), answer_by, deadline};
  }

  // Whether that is something else than before. What is left of the look goes by what is served then.
  bool serve(internal::Edition next, internal::Look& look) {
    auto edition = std::make_shared<const internal::Edition>(std::move(next));
    const bool is_same_snapshot = edition_ != nullptr && edition_->snapshot.id() == edition->snapshot.id();
    // Of one snapshot, the clock changes the namespaces, and then also when they change next.
    const bool is_other =
        !is_same_snapshot || edition_->generation != edition->generation || edition_->namespaces.next != edition->namespaces.next;
    View view;
    view.snapshot_ = std::shared_ptr<const Snapshot>(edition, &edition->snapshot);
    view.default_namespace_ = edition->namespaces.default_namespace;
    view.generation_ = edition->generation;
    if (edition->namespaces.keys) view.keys_ = &*edition->namespaces.keys;
    const Clock::time_point now = now_();
    // What was served is let go after the lock: to unmap a large snapshot takes a while.
    const std::scoped_lock lock(mutex_);
    if (!is_same_snapshot) {
      judged_.replace(look.of_new, now);
      look.of_served = judged_.of_served(look.of_new);
    }
    std::swap(view_, view);
    std::swap(edition_, edition);
    return is_other;
  }

  void finish(Clock::time_point begin, const Result& result) {
    std::uint64_t failures = 0;
    {
      const std::scoped_lock lock(mutex_);
      if (result.is_confirmed) status_.checked = begin;
      failures = status_.failures = result.error.empty() ? 0 : status_.failures + 1;
      status_.last_error = result.error;
    }
    if (failures == 0) return schedule(begin, begin, *options_.max_age);
    // No look takes longer than its deadline, unless the process was frozen in it: then the next one is due at once.
    const Clock::time_point end = std::min(now_(), begin + options_.open_deadline);
    schedule(begin, end, internal::pause_after(failures, *options_.max_age, internal::random_bits()));
  }

  // What the clock changes is a moment to look, too, unless the look that began then has tried that.
  void schedule(Clock::time_point begin, Clock::time_point looked, milliseconds pause) noexcept {
    const Clock::time_point due = std::min(looked + pause, edition_->next_change_after(begin));
    looked_ = looked.time_since_epoch().count();
    due_ = due.time_since_epoch().count();
  }

  void start_background() {
    try {
      background_.emplace([this] {
        if (is_due(now_())) look();
        return std::chrono::duration_cast<milliseconds>(Clock::duration(due_) - now_().time_since_epoch());
      });
    } catch (const std::system_error& error) {
      throw Error(ErrorCode::kInputOutput, std::string(store_->name()), std::string("no thread to refresh it: ") + error.what());
    }
  }

  std::shared_ptr<Store> store_;
  RegistryOptions options_;
  internal::WallClock now_;
  internal::Ladder ladder_;
  std::atomic<bool> looking_ = false;   // whoever set it may use newest_, and replace edition_
  std::uint64_t newest_ = 0;            // generation that was announced, whatever came of it
  std::atomic<Clock::rep> looked_ = 0;  // the last look, by the wall clock
  std::atomic<Clock::rep> due_ = 0;     // the next one
  mutable std::mutex mutex_;            // held for a copy's time; guards what follows
  View view_;
  internal::JudgedTime judged_;
  std::shared_ptr<const internal::Edition> edition_;  // what view_ shows
  RegistryStatus status_;                             // of the looks: what describe() says is left out
  std::optional<internal::Background> background_;    // last: it ends before what it uses
};

Registry::Registry(std::unique_ptr<Live> live) noexcept : live_(std::move(live)) {}
Registry::Registry(Registry&&) noexcept = default;
Registry& Registry::operator=(Registry&&) noexcept = default;
Registry::~Registry() = default;

Registry Registry::open(std::shared_ptr<Store> store, RegistryOptions options) {
  return internal::RegistryAccess::open(std::move(store), std::move(options), Clock::now);
}

Registry internal::RegistryAccess::open(std::shared_ptr<Store> store, RegistryOptions options, WallClock now) {
  if (store == nullptr) throw Error(ErrorCode::kInvalidArgument, "store", "is null");
  return Registry(std::make_unique<Registry::Live>(std::move(store), std::move(options), std::move(now)));
}

View Registry::view() { return live_->view(); }

RegistryStatus Registry::status() const { return live_->status(); }

const Caller& Registry::caller() const noexcept { return live_->caller(); }

Namespace View::for_key(std::string_view key) const& noexcept {
  return keys_ == nullptr ? default_namespace_ : keys_->find(key, internal::moment_of(taken_));
}

std::string_view to_string(Origin origin) noexcept {
  switch (origin) {
    case Origin::kStore: return "store";
    case Origin::kCache: return "cache";
    case Origin::kBundled: return "bundled";
  }
  return "unknown";
}

}  // namespace almanac
