#include <almanac/registry.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <utility>

#include "open_live.h"

namespace almanac {

namespace {

using Clock = std::chrono::system_clock;

// As good as never, and a time that a clock can still hold.
constexpr std::chrono::milliseconds kLongestAge = std::chrono::hours(24 * 365 * 100);

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

std::filesystem::path default_cache_directory() {
  if (std::string named = environment("ALMANAC_CACHE_DIR"); !named.empty()) return named;
  std::error_code failure;
  const std::filesystem::path temporary = std::filesystem::temp_directory_path(failure);
  return failure ? std::filesystem::path() : temporary / ("almanac-" + std::to_string(::geteuid()));
}

std::string only_namespace(const Snapshot& snapshot, std::string_view store) {
  if (snapshot.namespace_count() == 1) return std::string(snapshot.namespace_info(0).name);
  throw Error(ErrorCode::kInvalidArgument, std::string(store),
              "has " + std::to_string(snapshot.namespace_count()) +
                  " namespaces; name one with RegistryOptions::namespace_name or ALMANAC_NAMESPACE");
}

}  // namespace

class Registry::Live {
 public:
  Live(std::shared_ptr<Store> store, RegistryOptions options) : store_(std::move(store)), options_(std::move(options)) {
    open_.cache_directory = options_.cache_directory.empty() ? default_cache_directory() : options_.cache_directory;
    options_.max_age = std::clamp(options_.max_age.value_or(std::chrono::seconds(60)), std::chrono::milliseconds::zero(), kLongestAge);
    if (options_.namespace_name.empty()) options_.namespace_name = environment("ALMANAC_NAMESPACE");
    internal::LiveSnapshot live = internal::open_live(store_, open_);
    // Chosen once: a namespace that is added later changes nothing for who has always used the only one.
    if (options_.namespace_name.empty()) options_.namespace_name = only_namespace(live.snapshot, store_->name());
    take(std::move(live), Clock::now());
  }

  View view() {
    if (is_stale()) {
      // One thread looks at the store; the others go on with what there is.
      const std::unique_lock refreshing(refresh_mutex_, std::try_to_lock);
      if (refreshing && is_stale()) refresh();
    }
    const std::scoped_lock lock(mutex_);
    return view_;
  }

  RegistryStatus status() const {
    const std::scoped_lock lock(mutex_);
    return status_;
  }

 private:
  bool is_stale() const {
    const auto now = Clock::now();
    const std::scoped_lock lock(mutex_);
    return now >= next_check_ || now < last_attempt_;  // the clock was put back: what it said is no guide
  }

  void refresh() {
    const auto now = Clock::now();
    try {
      GetOptions get;
      get.if_none_match = etag_;
      get.max_size = internal::kMaxAnnouncedSize;
      if (auto changed = store_->get(internal::kCurrentKey, get)) {
        take(internal::open_object(store_, internal::kCurrentKey, *std::move(changed), open_), now);
      } else {
        const std::scoped_lock lock(mutex_);
        confirm(now);
      }
    } catch (const std::exception& error) {
      fail(now, error.what());
    } catch (...) {
      fail(now, "the store threw what is no std::exception");
    }
  }

  // Makes a snapshot the one that is served, once its namespace is open: views wait for nothing.
  void take(internal::LiveSnapshot live, Clock::time_point now) {
    const internal::Announcement& announcement = live.announcement;
    if (announcement.generation < view_.generation_) {
      throw Error(ErrorCode::kConflict, std::string(store_->name()),
                  "announces generation " + std::to_string(announcement.generation) + ", older than " + std::to_string(view_.generation_) +
                      " which is being served");
    }
    View view;
    view.default_namespace_ = live.snapshot.in(options_.namespace_name);
    view.snapshot_ = std::make_shared<const Snapshot>(std::move(live.snapshot));
    view.generation_ = announcement.generation;
    const std::scoped_lock lock(mutex_);
    view_ = std::move(view);
    etag_ = std::move(live.etag);
    status_.generation = announcement.generation;
    status_.id = announcement.snapshot_id;
    status_.revision = announcement.revision;
    status_.published = announcement.published;
    confirm(now);
  }

  void fail(Clock::time_point now, const char* why) {
    const std::scoped_lock lock(mutex_);
    ++status_.failures;
    status_.last_error = why;
    schedule(now);
  }

  void confirm(Clock::time_point now) {
    status_.checked = now;
    status_.failures = 0;
    status_.last_error.clear();
    schedule(now);
  }

  void schedule(Clock::time_point now) {
    last_attempt_ = now;
    next_check_ = now + *options_.max_age;
  }

  std::shared_ptr<Store> store_;
  RegistryOptions options_;
  OpenOptions open_;
  std::mutex refresh_mutex_;  // held while the store is asked; guards etag_
  std::string etag_;
  mutable std::mutex mutex_;  // held for a copy's time; guards what follows
  View view_;
  RegistryStatus status_;
  Clock::time_point last_attempt_;
  Clock::time_point next_check_;
};

Registry::Registry(std::unique_ptr<Live> live) noexcept : live_(std::move(live)) {}
Registry::Registry(Registry&&) noexcept = default;
Registry& Registry::operator=(Registry&&) noexcept = default;
Registry::~Registry() = default;

Registry Registry::open(std::shared_ptr<Store> store, RegistryOptions options) {
  if (store == nullptr) throw Error(ErrorCode::kInvalidArgument, "store", "is null");
  return Registry(std::make_unique<Live>(std::move(store), std::move(options)));
}

View Registry::view() { return live_->view(); }

RegistryStatus Registry::status() const { return live_->status(); }

}  // namespace almanac
