// A file that is kept as what is live in a store has it, and a command that is run after each change: how a router, a load balancer
// or a DNS server discovers for its clients.
//
//   Follower follower(open_store("s3://acme-registry/live"), caller, request, print, tell);
//   StopSignals signals;
//   do follower.step(signals); while (!signals.wait_for(follower.pause()));
//
// No error touches the file. What generation it is of stands beside it (generation_note.h): a store that went back is not followed, by the
// next process either. That the command is due stands beside the file, as an empty one named .FILE.then, from before
// the change until the command has ended with status 0: it is run again at the next step, and by the next process too.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "inspect/export/export_file.h"
#include "inspect/follow/generation_note.h"
#include "inspect/follow/live_instance.h"
#include "inspect/stop_signals.h"

namespace almanac::inspect {

struct FollowRequest {
  ExportRequest what;
  std::filesystem::path file;
  bool strict = false;       // what loses anything is not written
  bool allow_empty = false;  // what is of no service is written over what is of some
  std::chrono::milliseconds every = std::chrono::seconds(10);
  std::string then;  // for the shell; empty: none
  std::chrono::milliseconds then_timeout = std::chrono::minutes(1);
};

class Follower {
 public:
  // `print` gets a line for each generation, `tell` all else, once each.
  using Say = std::function<void(const std::string& line)>;
  Follower(std::shared_ptr<Store> store, Caller caller, FollowRequest request, Say print, Say tell);

  enum class Outcome {
    kGood,     // the file is as it should be, and the command has been run
    kRefused,  // what is live is not written, as the request has it
    kFailed
  };
  // One look, and what follows from it.
  Outcome step(StopSignals& signals);
  // Until the next one: `every`; after looks that failed longer and longer, up to 5 minutes, and at random.
  [[nodiscard]] std::chrono::milliseconds pause() const;

 private:
  void look();
  [[nodiscard]] bool accept(Exported made, const std::optional<std::string>& before);
  [[nodiscard]] std::string refusal(const Exported& made, const std::optional<std::string>& before) const;
  void write();
  [[nodiscard]] bool run_due_command(const StopSignals& signals);
  // Unless the gist is that of the last message of its kind.
  void tell_once(std::string& last, const std::string& gist, const std::string& message) const;
  void mark_due() const;
  [[nodiscard]] std::filesystem::path due_mark() const;

  std::string store_name_;
  LiveInstance instance_;
  FollowRequest request_;
  GenerationNote note_;
  Say print_;
  Say tell_;
  std::optional<internal::LiveSnapshot> pending_;  // not exported yet
  std::optional<std::string> text_;                // that the file should have
  std::uint64_t generation_ = 0;                   // that the text is of
  bool is_refused_ = false;                        // what came after that
  bool is_news_ = false;                           // there has been no line about that generation
  std::uint64_t failures_ = 0;                     // of looks, in a row
  std::string told_trouble_;                       // the gist
  std::string told_command_;
  std::vector<std::string> told_losses_;
};

}  // namespace almanac::inspect
