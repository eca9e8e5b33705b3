#include "inspect/summary.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "inspect_compiled.h"

namespace almanac::inspect {
namespace {

Subject subject_of(const Compiled& all) { return {"x.almanac", all.snapshot, std::nullopt}; }

const std::string kLines = R"({"namespace":"a","name":"long-name-of-a-service","endpoints":["https://one.example/","https://two.example/"]}
{"namespace":"a","name":"t","value":"1","description":"d"}
{"namespace":"b","name":"t","value":"1"}
{"namespace":"empty"})";

TEST(Summary, counts_what_the_snapshot_holds) {
  const Compiled all = compiled(kLines);
  const SummaryReport report = summarize(subject_of(all), {});
  ASSERT_EQ(report.namespaces.size(), 3U);
  EXPECT_EQ(report.namespaces[0].info.name, "a");
  EXPECT_EQ(report.namespaces[0].info.services, 2U);
  EXPECT_EQ(report.namespaces[0].info.endpoints, 2U);
  EXPECT_EQ(report.services, 3U);
  EXPECT_EQ(report.endpoints, 2U);
}

TEST(Summary, sizes_of_namespaces_and_overhead_sum_to_the_file) {
  const Compiled all = compiled(kLines);
  const SummaryReport report = summarize(subject_of(all), {});
  std::uint64_t stored = report.overhead;
  std::uint64_t inflated = 0;
  for (const NamespaceSize& size : report.namespaces) {
    stored += size.stored;
    inflated += size.inflated;
    EXPECT_TRUE(size.shares_frame);
  }
  EXPECT_EQ(stored, all.bytes.size());
  EXPECT_EQ(inflated, report.inflated);
  EXPECT_GT(report.namespaces[0].stored, report.namespaces[1].stored);
  EXPECT_EQ(report.namespaces[2].stored, 0U);
}

TEST(Summary, shows_the_selected_namespace_with_the_numbers_of_the_whole) {
  const Compiled all = compiled(kLines);
  const SummaryReport whole = summarize(subject_of(all), {});
  const SummaryReport part = summarize(subject_of(all), {.namespace_name = "b", .prefix = "", .tags = {}});
  ASSERT_EQ(part.namespaces.size(), 1U);
  EXPECT_EQ(part.namespaces[0].info.name, "b");
  EXPECT_EQ(part.namespaces[0].stored, whole.namespaces[1].stored);
  EXPECT_EQ(part.services, whole.services);
  EXPECT_EQ(part.namespace_count, 3U);
  EXPECT_THROW((void)summarize(subject_of(all), {.namespace_name = "c", .prefix = "", .tags = {}}), Error);
}

}  // namespace
}  // namespace almanac::inspect
