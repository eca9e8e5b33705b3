#include "text_table.h"

#include <algorithm>

#include "terminal_text.h"

namespace almanac::inspect {
namespace {

// One name of a thousand characters must not push everybody's next column out of sight.
constexpr std::size_t kWidestPadding = 60;
constexpr std::string_view kGap = "  ";

void append_row(std::string& out, std::span<const TableColumn> table, std::span<const std::size_t> widths,
                std::span<const std::string> cells) {
  const std::size_t start = out.size();
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (i > 0) out += kGap;
    const std::size_t used = columns(cells[i]);
    const std::size_t padding = widths[i] > used ? widths[i] - used : 0;
    if (table[i].align == TableColumn::Align::kRight) out.append(padding, ' ');
    out += cells[i];
    if (table[i].align == TableColumn::Align::kLeft) out.append(padding, ' ');
  }
  while (out.size() > start && out.back() == ' ') out.pop_back();
  out += '\n';
}

}  // namespace

void append_table(Output& output, std::span<const TableColumn> table, std::size_t rows, const FillRow& fill) {
  std::vector<std::string> cells;
  for (const TableColumn& column : table) cells.emplace_back(column.heading);
  std::vector<std::size_t> widths(table.size());
  const auto measure = [&] {
    for (std::size_t i = 0; i < table.size(); ++i) {
      widths[i] = std::max(widths[i], std::min(columns(cells[i]), kWidestPadding));
    }
  };
  const std::vector<std::string> headings = cells;
  const auto fill_row = [&](std::size_t row) {
    for (std::string& cell : cells) cell.clear();
    fill(row, cells);
  };
  measure();
  for (std::size_t row = 0; row < rows; ++row) {
    fill_row(row);
    measure();
  }
  append_row(output.text(), table, widths, headings);
  for (std::size_t row = 0; row < rows; ++row) {
    fill_row(row);
    append_row(output.text(), table, widths, cells);
    output.record_done();
  }
}

}  // namespace almanac::inspect
