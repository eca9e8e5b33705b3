// How far the work has come, for whoever waits.
//
//   ProgressLine progress(stderr);                  // silent unless stderr is a terminal
//   progress.begin("reading prod.jsonl", file_size);
//   progress.advance(bytes_done, services_done);    // often; cheap
//   progress.end();
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>

namespace almanac::progress {

// Takes reports and does nothing with them.
class Progress {
 public:
  Progress() = default;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  virtual ~Progress() = default;

  // A new piece of work; `total` in bytes, or in what step() counts, 0 when not known.
  virtual void begin(std::string_view /*work*/, std::uint64_t /*total*/) {}
  // Since begin().
  virtual void advance(std::uint64_t /*bytes*/, std::uint64_t /*services*/) {}
  // The same where the total is a number of things: so many are done.
  virtual void step(std::uint64_t /*done*/) {}
  virtual void end() {}
};

// One line on a terminal, from the first second on, renewed some times a second, gone at the end:
//   reading prod.jsonl  41 %  1.2 M services
class ProgressLine : public Progress {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  // Borrows `terminal`; silent when that is something else.
  explicit ProgressLine(std::FILE* terminal);

  // Writes whatever `out` is, by a clock of the caller.
  ProgressLine(std::FILE* out, Clock clock);

  ~ProgressLine() override;

  void begin(std::string_view work, std::uint64_t total) override;
  void advance(std::uint64_t bytes, std::uint64_t services) override;
  // The same for work that has no services: "putting the snapshot  41 %  12.3 MiB".
  void advance(std::uint64_t bytes);
  // "reading the log  41 %  123 of 300"
  void step(std::uint64_t done) override;
  void end() override;

 private:
  void show(std::uint64_t done, const std::string& amount);
  [[nodiscard]] bool is_due();

  std::FILE* out_;  // null: silent
  Clock clock_;
  std::chrono::steady_clock::time_point next_;  // when to write again
  std::string work_;
  std::uint64_t total_ = 0;
  bool shown_ = false;
};

// "950", "41.2 k", "1.2 M".
[[nodiscard]] std::string short_count(std::uint64_t count);

}  // namespace almanac::progress
