// Columns that line up, for people.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "output.h"

namespace almanac::inspect {

struct TableColumn {
  std::string_view heading;
  enum class Align { kLeft, kRight } align = Align::kLeft;
};

// Fills the cells of a row, one for each column; they are empty when it is called. Their text is
// visible already (terminal_text.h).
using FillRow = std::function<void(std::size_t row, std::vector<std::string>& cells)>;

// A line of headings, then the rows. `fill` is called twice a row, once to measure and once to
// print, so a table may be long. A cell that is much wider than the others pushes its row to the right.
void append_table(Output& output, std::span<const TableColumn> table, std::size_t rows, const FillRow& fill);

}  // namespace almanac::inspect
