#include "inspect/export/exporter.h"

#include <gmock/gmock.h>

namespace almanac::inspect {
namespace {

using ::testing::ElementsAre;

TEST(Exporter, counts_losses_by_kind_and_shows_the_first) {
  Losses losses;
  EXPECT_TRUE(losses.empty());
  losses.add("service", "without a port", "left out", "p/a");
  losses.add("endpoint", "without a port", "left out", "p/b");
  losses.add("service", "without a port", "left out", "p/c");
  EXPECT_FALSE(losses.empty());
  EXPECT_THAT(losses.lines(), ElementsAre("2 services without a port (first: p/a): left out", "1 endpoint without a port (p/b): left out"));
}

TEST(Exporter, finds_a_format_by_its_name) {
  for (const ExportFormat& format : export_formats()) EXPECT_EQ(&find_export_format(format.name), &format);
  try {
    (void)find_export_format("ngnix");
    ADD_FAILURE() << "there is such a format";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("did you mean \"nginx\"?"));
  }
}

}  // namespace
}  // namespace almanac::inspect
