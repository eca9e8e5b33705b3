#include "inspect/text_table.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "inspect_printed.h"

namespace almanac::inspect {
namespace {

constexpr auto kLeft = TableColumn::Align::kLeft;
constexpr auto kRight = TableColumn::Align::kRight;

using Rows = std::vector<std::vector<std::string>>;

std::string table_of(std::vector<TableColumn> columns, const Rows& rows) {
  return printed_by([&](Output& output) {
    append_table(output, columns, rows.size(), [&](std::size_t row, std::vector<std::string>& cells) { cells = rows[row]; });
  });
}

TEST(TextTable, aligns_by_columns_of_the_terminal_and_leaves_no_blanks_at_the_end) {
  EXPECT_EQ(table_of({{"name", kLeft}, {"size", kRight}, {"note", kLeft}}, {{"größe", "7", ""}, {"検索", "1,234", "x"}}),
            "name    size  note\n"
            "größe      7\n"
            "検索   1,234  x\n");
}

TEST(TextTable, prints_the_headings_of_an_empty_table) { EXPECT_EQ(table_of({{"a", kLeft}, {"b", kLeft}}, {}), "a  b\n"); }

TEST(TextTable, one_very_wide_cell_does_not_widen_the_other_rows) {
  const std::string wide(200, 'w');
  const std::string text = table_of({{"a", kLeft}, {"b", kLeft}}, {{wide, "1"}, {"x", "2"}});
  EXPECT_NE(text.find(wide + "  1\n"), std::string::npos);
  EXPECT_NE(text.find("x" + std::string(61, ' ') + "2\n"), std::string::npos);
}

}  // namespace
}  // namespace almanac::inspect
