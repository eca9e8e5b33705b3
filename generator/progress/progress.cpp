#include "progress/progress.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "inspect/quantity.h"
#include "inspect/terminal_text.h"

namespace almanac::progress {
namespace {

constexpr std::chrono::milliseconds kPatience{1000};
constexpr std::chrono::milliseconds kInterval{100};

// Longer ones would break the line of a terminal of 80 columns, which could then not be erased.
constexpr std::size_t kLongestWork = 48;

constexpr const char* kErase = "\r\x1b[K";

std::string shortened(std::string text) {
  if (text.size() <= kLongestWork) return text;
  std::size_t from = text.size() - kLongestWork;
  // Not in the middle of a character.
  while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xc0U) == 0x80U) ++from;
  return "..." + text.substr(from);
}

}  // namespace

std::string short_count(std::uint64_t count) {
  constexpr std::array<std::pair<std::uint64_t, char>, 3> kUnits = {{{1'000'000'000, 'G'}, {1'000'000, 'M'}, {1'000, 'k'}}};
  for (const auto& [size, letter] : kUnits) {
    if (count < size) continue;
    const std::uint64_t tenths = count / (size / 10);
    return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + ' ' + letter;
  }
  return std::to_string(count);
}

ProgressLine::ProgressLine(std::FILE* terminal)
    : ProgressLine(::isatty(::fileno(terminal)) != 0 ? terminal : nullptr, std::chrono::steady_clock::now) {}

ProgressLine::ProgressLine(std::FILE* out, Clock clock) : out_(out), clock_(std::move(clock)), next_(clock_() + kPatience) {}

ProgressLine::~ProgressLine() { end(); }

void ProgressLine::begin(std::string_view work, std::uint64_t total) {
  if (out_ == nullptr) return;
  work_ = shortened(inspect::visible(work));
  total_ = total;
}

bool ProgressLine::is_due() {
  if (out_ == nullptr) return false;
  const auto now = clock_();
  if (now < next_) return false;
  next_ = now + kInterval;
  return true;
}

void ProgressLine::show(std::uint64_t done, const std::string& amount) {
  std::string line = kErase + work_;
  if (total_ > 0) line += "  " + std::to_string(std::min<std::uint64_t>(done * 100 / total_, 100)) + " %";
  line += "  " + amount;
  std::fputs(line.c_str(), out_);
  std::fflush(out_);
  shown_ = true;
}

void ProgressLine::advance(std::uint64_t bytes, std::uint64_t services) {
  if (is_due()) show(bytes, short_count(services) + " services");
}

void ProgressLine::advance(std::uint64_t bytes) {
  if (is_due()) show(bytes, inspect::human_size(bytes));
}

void ProgressLine::step(std::uint64_t done) {
  if (is_due()) show(done, std::to_string(done) + " of " + std::to_string(total_));
}

void ProgressLine::end() {
  if (!shown_) return;
  std::fputs(kErase, out_);
  std::fflush(out_);
  shown_ = false;
}

}  // namespace almanac::progress
