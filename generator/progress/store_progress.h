// How far the work on a store has come: what of its objects is done, and how far the one is that is on its way.
//
//   ProgressLine line(stderr);
//   StoreProgress progress(line);
//   options.on_progress = [&](std::uint64_t done, std::uint64_t total) { progress.transfer(done, total); };
//   progress.begin("reading the log", generations);
//   progress.step(1);
#pragma once

#include <mutex>

#include "progress/progress.h"

namespace almanac::progress {

// Threads: any, at once; objects may move on several.
class StoreProgress final : public Progress {
 public:
  // Borrows the line.
  explicit StoreProgress(ProgressLine& line) : line_(line) {}

  // What the requests that follow are for; `total` of them, 0 when not known.
  void begin(std::string_view work, std::uint64_t total) override;
  void step(std::uint64_t done) override;
  void end() override;
  // As StoreOptions::on_progress: of the object on its way. Small ones are not shown.
  void transfer(std::uint64_t done, std::uint64_t total);

 private:
  std::mutex mutex_;
  ProgressLine& line_;
  std::string work_;
  std::uint64_t total_ = 0;
};

}  // namespace almanac::progress
