#include "inspect/layout_account.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "inspect_compiled.h"

namespace almanac::inspect {
namespace {

// Two namespaces that are too large to share a frame with anything.
std::string large_registry() {
  std::string lines;
  for (const char* name : {"a", "b"}) {
    for (int i = 0; i < 12'000; ++i) {
      const std::string number = std::to_string(i);
      lines.append(R"({"namespace":")").append(name).append(R"(","name":"service-)").append(number);
      lines.append(R"(","description":"The service of number )").append(number);
      lines.append(R"(","tags":["t)").append(std::to_string(i % 7)).append(R"("],"endpoints":["https://host-)").append(number);
      lines.append(".example:8443/some/path/that/takes/room\"]}\n");
    }
  }
  return lines + R"({"namespace":"small","name":"x","value":"1"})";
}

std::uint64_t component(const LayoutReport& report, const std::string& what) {
  const auto found = std::ranges::find(report.components, what, &ComponentSize::what);
  return found == report.components.end() ? 0 : found->inflated;
}

TEST(LayoutAccount, accounts_for_every_byte_of_the_file_and_of_each_frame) {
  const Compiled all = compiled(large_registry());
  const LayoutReport report = lay_out(all.snapshot);
  EXPECT_EQ(report.size, all.bytes.size());
  EXPECT_EQ(report.services, 24'001U);
  ASSERT_GT(report.frames.size(), 1U);
  std::uint64_t at = report.preamble + report.manifest;
  std::uint64_t services = 0;
  for (const FrameReport& frame : report.frames) {
    EXPECT_EQ(frame.info.offset, at);
    at += frame.info.stored_size;
    services += frame.services;
    std::uint64_t inflated = 0;
    std::uint64_t stored = 0;
    for (const ComponentSize& part : frame.components) {
      inflated += part.inflated;
      stored += part.stored;
    }
    EXPECT_EQ(inflated, frame.info.size);
    EXPECT_EQ(stored, frame.info.stored_size);
  }
  EXPECT_EQ(at, all.bytes.size());
  EXPECT_EQ(services, report.services);
}

TEST(LayoutAccount, names_what_the_bytes_are) {
  const Compiled all = compiled(R"({"namespace":"n","name":"abc","description":"12345","endpoints":["tcp://h:1"]})");
  const LayoutReport report = lay_out(all.snapshot);
  constexpr std::uint64_t kLength = 4;  // of a vector, before its bytes
  EXPECT_EQ(component(report, "text"), kLength + std::string("abc_tcp://h:1_").size());
  EXPECT_EQ(component(report, "descriptions"), kLength + std::string("12345_").size());
  EXPECT_GT(component(report, "index"), 0U);
  EXPECT_GT(component(report, "padding"), 0U);
}

TEST(LayoutAccount, accounts_for_every_byte_of_the_manifest) {
  const std::string registry = "{\"namespace\":\"a\"}\n{\"namespace\":\"b\"}\n";
  const Compiled without = compiled(registry);
  const Compiled with =
      compiled(registry + R"({"callers":[{"when":{"role":"abc"},"namespace":"a","rollout":{"to":"b","percent":10}},{"namespace":"b"}]})");
  for (const Compiled* one : {&without, &with}) {
    const LayoutReport report = lay_out(one->snapshot);
    std::uint64_t inflated = 0;
    std::uint64_t stored = 0;
    for (const ComponentSize& part : report.manifest_components) {
      inflated += part.inflated;
      stored += part.stored;
    }
    EXPECT_EQ(inflated, report.manifest_inflated);
    EXPECT_EQ(stored, report.manifest);
    constexpr std::uint64_t kLength = 4;
    constexpr std::uint64_t kRules = kLength + 2 * 12 + kLength + std::string_view("role_abc__").size() + kLength + 12 + kLength + 16;
    const auto rules = std::ranges::find(report.manifest_components, "caller rules", &ComponentSize::what);
    EXPECT_EQ(rules == report.manifest_components.end() ? 0 : rules->inflated, one == &with ? kRules : 0);
  }
}

}  // namespace
}  // namespace almanac::inspect
