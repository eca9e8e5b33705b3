#include "schedule_chart.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "quantity.h"

namespace almanac::inspect {
namespace {

using internal::Moment;
using internal::Schedule;

constexpr int kRows = 11;                        // of ten percent each, and one on which the whole lies
constexpr std::uint32_t kRowShare = 100'000;     // millionths
constexpr int kColumns = 68;                     // beside the axis
constexpr int kMargin = 4;                       // columns before the first moment, and as many behind the last
constexpr std::string_view kLevels = "_.-'";     // how high in its row a share lies
constexpr std::string_view kIndent = "       ";  // below the figures of the axis
constexpr std::uint32_t kLevelShare = kRowShare / kLevels.size();

struct Window {
  Moment first;
  Moment last;
};

// From the first change to the last. What has always been is none.
Window window_of(const Schedule& schedule) {
  const bool from_always = !schedule.is_ramp && schedule.stages.front().at == internal::kAlways;
  return {schedule.stages[from_always ? 1 : 0].at, schedule.stages.back().at};
}

// The chart's columns as moments: the first and the last change lie exactly on columns of theirs.
class TimeAxis {
 public:
  explicit TimeAxis(const Window& window) : first_(window.first), span_((window.last - window.first).count()) {}

  [[nodiscard]] Moment moment_at(int column) const {
    return first_ + std::chrono::milliseconds(floor_of(span_ * (column - kMargin), kColumns - 1 - 2 * kMargin));
  }

  // The column in which `moment` lies; below 0 or kColumns and above when it is not on the chart.
  [[nodiscard]] int column_of(Moment moment) const {
    if (moment < moment_at(0)) return -1;
    int column = 0;
    while (column < kColumns && moment_at(column + 1) <= moment) ++column;
    return column;
  }

 private:
  static std::int64_t floor_of(std::int64_t dividend, std::int64_t divisor) {
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

// Texts below the axis, each beginning or ending at a column, one after another and never past the edge.
void put(std::string& line, int column, std::string_view text, bool ends_there) {
  const auto width = static_cast<int>(text.size());
  const int begin = std::clamp(ends_there ? column - width + 1 : column, 0, kColumns - width);
  line.replace(static_cast<std::size_t>(begin), text.size(), text);
}

std::string now_line(int column, std::uint32_t share) {
  const std::string text = "now " + percent_of_millionths(share);
  std::string line(kColumns, ' ');
  if (column < 0) {
    put(line, 0, "< " + text, false);
  } else if (column >= kColumns) {
    put(line, kColumns - 1, text + " >", true);
  } else if (column + 2 + static_cast<int>(text.size()) <= kColumns) {
    put(line, column, "^ " + text, false);
  } else {
    put(line, column, text + " ^", true);
  }
  return line;
}

}  // namespace

bool is_drawable(const Schedule& schedule) noexcept {
  const bool from_always = !schedule.is_ramp && schedule.stages.front().at == internal::kAlways;
  return schedule.stages.size() > (from_always ? 2 : 1);
}

std::string schedule_chart(const Schedule& schedule, Moment now) {
  const Window window = window_of(schedule);
  const TimeAxis axis(window);
  Canvas canvas;
  std::uint32_t before = schedule.share_at(axis.moment_at(-1));
  for (int column = 0; column < kColumns; ++column) {
    const std::uint32_t share = schedule.share_at(axis.moment_at(column));
    canvas.draw(column, before, share, schedule.is_ramp);
    before = share;
  }
  const int now_column = axis.column_of(now);
  const bool on_chart = now_column >= 0 && now_column < kColumns;
  if (on_chart) canvas.mark(now_column);

  std::string out;
  canvas.append_to(out);
  std::string rule(kColumns, '-');
  for (const int column : {axis.column_of(window.first), axis.column_of(window.last)}) rule[static_cast<std::size_t>(column)] = '+';
  if (on_chart) rule[static_cast<std::size_t>(now_column)] = ':';
  Canvas::append_line(out, std::string(kIndent) + "+" + rule);
  Canvas::append_line(out, std::string(kIndent) + " " + now_line(now_column, schedule.share_at(now)));
  std::string times(kColumns, ' ');
  put(times, axis.column_of(window.first), rfc3339(window.first), false);
  put(times, axis.column_of(window.last), rfc3339(window.last), true);
  Canvas::append_line(out, std::string(kIndent) + " " + times);
  return out;
}

}  // namespace almanac::inspect
