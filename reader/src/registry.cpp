#include <almanac/registry.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <utility>

#include "background.h"
#include "backoff.h"
#include "ladder.h"
#include "registry_access.h"
#include "settings.h"

namespace almanac {

namespace {

using Clock = std::chrono::system_clock;
using std::chrono::milliseconds;

Deadline in(milliseconds time) { return std::chrono::steady_clock::now() + time; }

StoreTraffic since(const StoreTraffic& before, const StoreTraffic& now) {
  return {now.requests - before.requests, now.bytes - before.bytes};
}

}  // namespace

// What is served, and when the store is to be looked at again.
class Registry::Live {
 public:
  Live(std::shared_ptr<Store> store, RegistryOptions options, internal::WallClock now)
      : store_(std::move(store)), options_(internal::settled(std::move(options))), now_(std::move(now)), ladder_(store_, options_) {
    const Clock::time_point begin = now_();
    internal::Ladder::Landing landing = ladder_.open(in(options_.open_deadline));
    // Chosen once: a namespace that is added later changes nothing for who has always used the only one.
    options_.namespace_name = landing.edition.default_namespace.name();
    serve(std::move(landing.edition), begin);
    if (landing.error.empty()) {
      confirm(begin);
    } else {
      fail(begin, landing.error);
    }
    if (options_.background) start_background();
  }

  View view() {
    if (!options_.background && is_due(now_())) look();
    const std::scoped_lock lock(mutex_);
    return view_;
  }

  RegistryStatus status() const {
    RegistryStatus status;
    {
      const std::scoped_lock lock(mutex_);
      status = status_;
    }
    const Clock::time_point known = status.checked != Clock::time_point() ? status.checked : status.published;
    if (known != Clock::time_point()) {
      status.age = std::max(std::chrono::duration_cast<milliseconds>(now_() - known), milliseconds::zero());
    }
    status.traffic = store_->traffic();
    return status;
  }

 private:
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
    RefreshEvent event;
    try {
      event.outcome = refresh(begin) ? RefreshEvent::Outcome::kChanged : RefreshEvent::Outcome::kUnchanged;
      confirm(begin);
    } catch (const std::exception& error) {
      event.outcome = RefreshEvent::Outcome::kFailed;
      event.error = error.what();
      fail(begin, event.error);
    }
    if (!options_.on_refresh) return;
    event.generation = edition_->generation;
    event.duration = std::chrono::steady_clock::now() - started;
    event.traffic = since(before, store_->traffic());
    try {
      options_.on_refresh(event);
    } catch (...) {
      // As the header says, it is dropped: a hook that fails is no reason to stop serving.
    }
  }

  // Whether something else is served now.
  bool refresh(Clock::time_point begin) {
    const Deadline deadline = in(options_.open_deadline);
    const Deadline answer_by = options_.background ? deadline : in(options_.refresh_deadline);
    std::optional<internal::Edition> live = ladder_.refresh(*edition_, answer_by, deadline);
    if (!live) return false;
    const bool is_other = live->generation != edition_->generation || live->snapshot.id() != edition_->snapshot.id();
    serve(*std::move(live), begin);
    return is_other;
  }

  void serve(internal::Edition edition, Clock::time_point begin) {
    View view;
    view.snapshot_ = std::make_shared<const Snapshot>(edition.snapshot);
    view.default_namespace_ = edition.default_namespace;
    view.generation_ = edition.generation;
    RegistryStatus status;
    status.generation = edition.generation;
    status.id = edition.snapshot.id();
    status.revision = edition.revision;
    status.origin = edition.origin;
    status.published = edition.published;
    if (edition.origin == Origin::kStore) status.checked = begin;
    edition_ = std::move(edition);
    // What was served is let go after the lock: to unmap a large snapshot takes a while.
    const std::scoped_lock lock(mutex_);
    std::swap(view_, view);
    std::swap(status_, status);
  }

  // The store has what is served.
  void confirm(Clock::time_point begin) {
    {
      const std::scoped_lock lock(mutex_);
      status_.checked = begin;
      status_.failures = 0;
      status_.last_error.clear();
    }
    schedule(begin, *options_.max_age);
  }

  void fail(Clock::time_point begin, const std::string& why) {
    std::uint64_t failures = 0;
    {
      const std::scoped_lock lock(mutex_);
      failures = ++status_.failures;
      status_.last_error = why;
    }
    // No look takes longer than its deadline, unless the process was frozen in it: then the next one is due at once.
    const Clock::time_point end = std::min(now_(), begin + options_.open_deadline);
    schedule(end, internal::pause_after(failures, *options_.max_age, internal::random_bits()));
  }

  void schedule(Clock::time_point looked, milliseconds pause) noexcept {
    looked_ = looked.time_since_epoch().count();
    due_ = (looked + pause).time_since_epoch().count();
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
  std::atomic<bool> looking_ = false;         // whoever set it may use edition_
  std::optional<internal::Edition> edition_;  // what view_ shows
  std::atomic<Clock::rep> looked_ = 0;        // the last look, by the wall clock
  std::atomic<Clock::rep> due_ = 0;           // the next one
  mutable std::mutex mutex_;                  // held for a copy's time; guards what follows
  View view_;
  RegistryStatus status_;
  std::optional<internal::Background> background_;  // last: it ends before what it uses
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

std::string_view to_string(Origin origin) noexcept {
  switch (origin) {
    case Origin::kStore: return "store";
    case Origin::kCache: return "cache";
    case Origin::kBundled: return "bundled";
  }
  return "unknown";
}

}  // namespace almanac
