#include "schedule_chart.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "generation_rollout.h"
#include "quantity.h"

namespace almanac::inspect {
namespace {

using internal::Moment;
using internal::Schedule;

constexpr int kRows = 11;                        // of ten percent each, and one on which the whole lies
constexpr std::uint32_t kRowShare = 100'000;     // millionths
constexpr int kColumns = 68;                     // beside the axis
constexpr int kFirst = 4;                        // the column of the first change
constexpr int kLast = kColumns - 1 - kFirst;     // that of the last one
constexpr std::string_view kLevels = "_.-'";     // how high in its row a share lies
constexpr std::string_view kIndent = "       ";  // below the figures of the axis
constexpr std::uint32_t kLevelShare = kRowShare / kLevels.size();

// What has always been is no change.
Moment first_change(const Schedule& schedule) noexcept {
  const bool from_always = !schedule.is_ramp && schedule.stages.size() > 1 && schedule.stages.front().at == internal::kAlways;
  return schedule.stages[from_always ? 1 : 0].at;
}

// Which moments a column stands for: from its own to the next one's.
class TimeAxis {
 public:
  explicit TimeAxis(const Schedule& schedule)
      : first_(first_change(schedule)), span_((schedule.stages.back().at - first_change(schedule)).count()) {}

  // The last moment of a column. On an axis of less than a millisecond a column there may be none, and then it is its first.
  [[nodiscard]] Moment end_of(int column) const { return std::max(begin_of(column), begin_of(column + 1) - std::chrono::milliseconds(1)); }

  // Below 0, or kColumns and above, when it is not on the chart.
  [[nodiscard]] std::int64_t column_of(Moment moment) const {
    return kFirst + rounded_down((moment - first_).count() * (kLast - kFirst), span_);
  }

 private:
  [[nodiscard]] Moment begin_of(int column) const {
    return first_ + std::chrono::milliseconds(rounded_down(span_ * (column - kFirst), kLast - kFirst));
  }

  static std::int64_t rounded_down(std::int64_t dividend, std::int64_t divisor) {
    return dividend / divisor - (dividend % divisor < 0 ? 1 : 0);
  }

  Moment first_;
  std::int64_t span_;  // milliseconds
};

int row_of(std::uint32_t share) noexcept { return static_cast<int>(share / kRowShare); }

class Canvas {
 public:
  Canvas() { rows_.fill(std::string(kColumns, ' ')); }

  [[nodiscard]] char& at(int row, int column) { return rows_[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)]; }

  // The share in one column, where it was `before` in the column to the left: a rise is drawn upright, or slanting on a ramp.
  void draw(int column, std::uint32_t before, std::uint32_t share, bool is_ramp) {
    const bool jumps = is_ramp ? row_of(share) > row_of(before) + 1 : share > before;
    if (jumps) {
      const int top = std::max(row_of(before), row_of(share) - (share % kRowShare == 0 ? 1 : 0));
      for (int row = row_of(before) + (is_ramp ? 1 : 0); row <= top; ++row) at(row, column) = is_ramp ? '/' : '|';
    }
    if (!jumps || is_ramp) at(row_of(share), column) = kLevels[share % kRowShare / kLevelShare];
  }

  void mark(int column) {
    for (int row = 0; row < kRows; ++row) {
      if (at(row, column) == ' ') at(row, column) = ':';
    }
  }

  void append_to(std::string& out) const {
    for (int row = kRows - 1; row >= 0; --row) {
      const std::string figure = percent_of_millionths(static_cast<std::uint32_t>(row) * kRowShare);
      append_line(out, std::string(kIndent.size() - 1 - figure.size(), ' ') + figure + " |" + rows_[static_cast<std::size_t>(row)]);
    }
  }

  static void append_line(std::string& out, std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }

 private:
  std::array<std::string, kRows> rows_;  // from the lowest
};

// Below the axis, beginning or ending at a column and never past the edge.
void put(std::string& line, int column, std::string_view text, bool ends_there) {
  const auto width = static_cast<int>(text.size());
  const int begin = std::clamp(ends_there ? column - width + 1 : column, 0, kColumns - width);
  line.replace(static_cast<std::size_t>(begin), text.size(), text);
}

std::string now_line(std::int64_t column, const std::string& share) {
  const std::string text = "now " + share;
  std::string line(kColumns, ' ');
  if (column < 0) {
    put(line, 0, "< " + text, false);
  } else if (column >= kColumns) {
    put(line, kColumns - 1, text + " >", true);
  } else if (column + 2 + static_cast<int>(text.size()) <= kColumns) {
    put(line, static_cast<int>(column), "^ " + text, false);
  } else {
    put(line, static_cast<int>(column), text + " ^", true);
  }
  return line;
}

}  // namespace

bool is_drawable(const Schedule& schedule) noexcept { return first_change(schedule) < schedule.stages.back().at; }

std::string schedule_chart(const Schedule& schedule, Moment now) {
  const TimeAxis axis(schedule);
  Canvas canvas;
  std::string rule(kColumns, '-');
  rule[kFirst] = rule[kLast] = '+';
  std::uint32_t before = schedule.share_at(axis.end_of(-1));
  for (int column = 0; column < kColumns; ++column) {
    const std::uint32_t share = schedule.share_at(axis.end_of(column));
    canvas.draw(column, before, share, schedule.is_ramp);
    before = share;
    if (column != axis.column_of(now)) continue;
    canvas.mark(column);
    rule[static_cast<std::size_t>(column)] = ':';
  }
  std::string times(kColumns, ' ');
  put(times, kFirst, rfc3339(first_change(schedule)), false);
  put(times, kLast, rfc3339(schedule.stages.back().at), true);

  std::string out;
  canvas.append_to(out);
  const std::string indent(kIndent);
  Canvas::append_line(out, indent + "+" + rule);
  Canvas::append_line(out, indent + " " + now_line(axis.column_of(now), share_text(schedule, schedule.share_at(now))));
  Canvas::append_line(out, indent + " " + times);
  return out;
}

}  // namespace almanac::inspect
