#include "commands/watch.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "backoff.h"
#include "commands/going_live.h"
#include "commands/syncing.h"
#include "inspect/quantity.h"
#include "inspect/stop_signals.h"
#include "publish/look_at.h"
#include "registrations/registration.h"
#include "settings.h"

namespace almanac::commands {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr const char* kWatchFooter = R"help(
Does what sync does, every so often, until SIGTERM or SIGINT: then it ends at once, with status 0. A generation that is being announced is
made live first; where that takes longer than a few seconds, it says what is known of it, and if it was announced, the next publish makes it
live. A second signal ends it as it would any program. While nothing is written there and no lease runs out, it only lists what is registered
and looks at what is live.

It prints a line for each publication. What is refused or fails is printed once, on stderr, how often it was repeated when something else
comes, and when all is well again; the next try follows at random, after a time that doubles with each failure, up to 5 minutes. After a refusal
it goes on looking, and tries again at once when something was written or a lease has run out. Where the store is gone, or announces an older generation than
was seen there, it writes nothing. Several may watch one store.
Exit status: 0 stopped, 2 it cannot begin at all: there is no such store.

Examples:
  generate-snapshot watch /srv/acme
  generate-snapshot watch s3://acme-registry/live --every 30s)help";

struct WatchOptions {
  SyncOptions sync;
  std::string every = "10s";
};

// What the last complaint was, and how often it came again.
class Complaints {
 public:
  void tell(std::vector<std::string> complaint) {
    if (complaint == last_) {
      ++repeated_;
      return;
    }
    end();
    last_ = std::move(complaint);
    for (const std::string& line : last_) std::cerr << stamped(line);
  }

  // Something else is to come.
  void end() {
    std::cerr << rest();
    repeated_ = 0;
  }

  void end_well() {
    end();
    if (!last_.empty()) std::cerr << stamped("all is well again");
    last_.clear();
  }

  // What is to be said yet where nothing else comes.
  [[nodiscard]] std::string rest() const { return repeated_ == 0 ? "" : stamped("the same " + inspect::counted(repeated_, "more time")); }

  static std::string stamped(const std::string& line) {
    return inspect::rfc3339(std::chrono::system_clock::now()) + " generate-snapshot: " + line + "\n";
  }

 private:
  std::vector<std::string> last_;
  std::uint64_t repeated_ = 0;
};

class Watch {
 public:
  Watch(const WatchOptions& options, milliseconds every, inspect::StopSignals& signals)
      : every_(every),
        signals_(signals),
        run_(options.sync.going_live, [this](publish::Step step, const std::string& state) { reach(step, state); }),
        syncing_(run_, options.sync) {}

  int go_on() {
    do {
      look();
    } while (!signals_.wait_for(state_ == State::kFailed ? backoff() : every_));
    complaints_.end();
    return kYes;
  }

 private:
  // What is registered and live, as far as a listing tells.
  struct Sight {
    std::vector<ObjectInfo> registrations;
    std::string current;  // its etag
  };

  static bool is_same(const ObjectInfo& a, const ObjectInfo& b) { return a.key == b.key && a.size == b.size && a.modified == b.modified; }

  // A store may date objects by whole seconds, so that one which is written again within one of them looks as before.
  static constexpr milliseconds kUndistinguished = std::chrono::seconds(2);

  [[nodiscard]] Sight see() {
    Store& store = run_.publisher().log().store();
    Sight sight{store.list(registrations::kPrefix), {}};
    if (const auto current = publish::look_at(store, internal::kCurrentKey)) sight.current = current->etag;
    return sight;
  }

  // Takes note of what is seen. Whether trying may come to something else than it did last.
  [[nodiscard]] bool is_news(Sight sight) {
    const steady_clock::time_point now = steady_clock::now();
    const bool is_same_listing = std::ranges::equal(sight.registrations, seen_.registrations, is_same);
    if (!is_same_listing) since_ = now;
    const bool is_settled = state_ == State::kPublished || (state_ == State::kRefused && now < try_again_);
    const bool is_old = is_settled && is_same_listing && sight.current == seen_.current && tried_from_ - since_ >= kUndistinguished;
    const bool has_lapse = syncing_.next_lapse() && *syncing_.next_lapse() <= now;
    seen_ = std::move(sight);
    if (is_old && !has_lapse) return false;
    tried_from_ = now;
    return true;
  }

  // From when it may be announced until it is live, a publication is not abandoned, for what became of it is to be told.
  void reach(publish::Step step, const std::string& state) {
    if (step == publish::Step::kNotAnnounced) {
      signals_.abandon_from_now_on(complaints_.rest());
    } else {
      signals_.finish_from_now_on(Complaints::stamped("interrupted: " + state));
    }
  }

  void look() {
    std::vector<std::string> complaint;
    try {
      const inspect::StopSignals::Abandonable until_it_is_announced(signals_, complaints_.rest());
      if (!is_news(see())) return;
      const int status = run_.carry_out([this] { return syncing_.once(); });
      complaint = run_.take_complaints();
      state_ = status == kYes ? State::kPublished : State::kRefused;
    } catch (const std::exception& error) {
      complaint = {error.what()};
      state_ = State::kFailed;
    }
    failures_ = state_ == State::kPublished ? 0 : failures_ + 1;
    if (state_ == State::kPublished) complaints_.end_well();
    if (state_ == State::kRefused) try_again_ = steady_clock::now() + backoff();
    if (!complaint.empty()) complaints_.tell(std::move(complaint));
  }

  // At random, so that those who failed together do not come back together.
  [[nodiscard]] milliseconds backoff() const { return internal::pause_after(failures_, every_, internal::random_bits()); }

  enum class State { kFailed, kRefused, kPublished };

  milliseconds every_;
  inspect::StopSignals& signals_;
  GoingLive run_;
  Syncing syncing_;
  Complaints complaints_;
  std::uint64_t failures_ = 0;
  Sight seen_;
  steady_clock::time_point since_;       // when the listing was first seen as it is
  steady_clock::time_point tried_from_;  // when that was seen which was tried to publish last
  steady_clock::time_point try_again_;   // after a refusal, also while nothing is different
  State state_ = State::kFailed;         // what came of it; before the first, as if there had been an outage
};

int watch(WatchOptions options) {
  const milliseconds every = internal::parse_duration(options.every, "--every");
  if (every < milliseconds(100) || every > std::chrono::days(1)) throw std::invalid_argument("--every: must be 100ms to 1d");
  options.sync.going_live.is_watch = true;
  inspect::StopSignals signals;
  signals.abandon_from_now_on();
  return Watch(options, every, signals).go_on();
}

}  // namespace

void add_watch(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("watch", "Publish what is registered whenever that changes, until stopped");
  command->footer(kWatchFooter);
  const auto options = std::make_shared<WatchOptions>();
  add_sync_options(*command, options->sync);
  command->add_option("--every", options->every, "How often to look, such as 500ms, 30s or 5m")->type_name("TIME")->capture_default_str();
  add_max_carried(*command, options->sync.going_live);
  command->callback([options, &chosen] { chosen = [options] { return watch(*options); }; });
}

}  // namespace almanac::commands
