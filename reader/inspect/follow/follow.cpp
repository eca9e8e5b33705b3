#include "inspect/follow/follow.h"

#include <fcntl.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "backoff.h"
#include "file_descriptor.h"
#include "inspect/follow/shell_command.h"
#include "inspect/quantity.h"

namespace almanac::inspect {

namespace {

// What makes it another trouble than the last one. A store says the same in other words each time, with the number of a request or the time
// that it took; what is wrong with what is asked for is in the words alone.
std::string gist_of(const Error& error) {
  if (error.code() == ErrorCode::kInvalidArgument) return error.what();
  return std::string(to_string(error.code())) + " " + error.object();
}

}  // namespace

Follower::Follower(std::shared_ptr<Store> store, Caller caller, FollowRequest request, Say print, Say tell)
    : store_name_(store->name()),
      instance_(std::move(store), std::move(caller)),
      request_(std::move(request)),
      note_(request_.file, store_name_),
      print_(std::move(print)),
      tell_(std::move(tell)) {}

Follower::Outcome Follower::step(StopSignals& signals) {
  try {
    {
      const StopSignals::Abandonable nothing_to_finish(signals);
      look();
    }
    write();
    failures_ = 0;
    if (!told_trouble_.empty()) tell_(store_name_ + ": all is well again");
    told_trouble_.clear();
  } catch (const Error& error) {
    ++failures_;
    tell_once(told_trouble_, gist_of(error), error.what());
    return Outcome::kFailed;
  }
  if (!run_due_command(signals)) return Outcome::kFailed;
  return is_refused_ ? Outcome::kRefused : Outcome::kGood;
}

std::chrono::milliseconds Follower::pause() const {
  return failures_ == 0 ? request_.every : internal::pause_after(failures_, request_.every, internal::random_bits());
}

void Follower::look() {
  const internal::Moment now = internal::moment_of(std::chrono::system_clock::now());
  if (std::optional<internal::LiveSnapshot> news = instance_.look(now, note_.read())) pending_ = std::move(news);
  if (!pending_) return;
  ExportRequest what = request_.what;
  what.settings.serial = static_cast<std::uint32_t>(pending_->announcement.generation);
  const std::optional<std::string> before = text_of(request_.file);
  is_refused_ = !accept(make_export(what, pending_->snapshot, before), before);
  pending_.reset();
}

std::string Follower::refusal(const Exported& made, const std::optional<std::string>& before) const {
  if (request_.strict && !made.losses.empty()) return "would lose that, and --strict does not let it";
  const bool empties = !made.nothing_selected.empty() && !before.value_or("").empty() && made.text != before;
  return empties && !request_.allow_empty ? "would leave no service in it: " + made.nothing_selected + "; --allow-empty lets it" : "";
}

bool Follower::accept(Exported made, const std::optional<std::string>& before) {
  if (made.losses != told_losses_) {
    for (const std::string& loss : made.losses) tell_(loss);
    told_losses_ = made.losses;
  }
  if (const std::string why = refusal(made, before); !why.empty()) {
    tell_(request_.file.string() + ": not replaced: generation " + std::to_string(pending_->announcement.generation) + " " + why);
    return false;
  }
  text_ = std::move(made.text);
  generation_ = pending_->announcement.generation;
  is_news_ = true;
  return true;
}

void Follower::write() {
  if (!text_) return;
  const bool is_same = has_text(request_.file, *text_);
  if (note_.read().number != generation_) note_.write(generation_);
  if (!is_same) {
    if (!request_.then.empty()) mark_due();
    write_text(request_.file, *text_);
  }
  if (is_same && !is_news_) return;
  is_news_ = false;
  print_(request_.file.string() + (is_same ? ": unchanged" : ": written, " + counted(text_->size(), "byte")) + ", generation " +
         std::to_string(generation_));
}

// Whoever may write to that folder may have put anything of that name there: what a link names is not touched, and no pipe is waited for.
void Follower::mark_due() const {
  constexpr int kHow = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  if (internal::FileDescriptor(::open(due_mark().c_str(), kHow, 0666))) return;
  throw Error(ErrorCode::kInputOutput, due_mark().string(),
              "cannot be created, and says that the command is to be run: " + std::generic_category().message(errno));
}

bool Follower::run_due_command(const StopSignals& signals) {
  std::error_code failure;
  if (request_.then.empty() || !std::filesystem::exists(std::filesystem::symlink_status(due_mark(), failure))) return true;
  if (signals.came()) return false;
  const std::string problem = run_shell_command(request_.then, request_.then_timeout, signals);
  if (problem.empty()) {
    std::filesystem::remove(due_mark(), failure);
    if (failure) {
      const std::string mark = due_mark().string();
      tell_once(told_command_, mark, mark + ": cannot be removed, and has the command run again and again: " + failure.message());
      return false;
    }
    if (!told_command_.empty()) tell_("--then: ended with status 0");
    told_command_.clear();
    return true;
  }
  // A signal to this program that the command got too is no news of the command's.
  if (!signals.came()) tell_once(told_command_, problem, "--then: " + problem + "; it is run again until it ends with status 0");
  return false;
}

void Follower::tell_once(std::string& last, const std::string& gist, const std::string& message) const {
  if (gist == last) return;
  tell_(message);
  last = gist;
}

std::filesystem::path Follower::due_mark() const {
  return request_.file.parent_path() / ("." + request_.file.filename().string() + ".then");
}

}  // namespace almanac::inspect
