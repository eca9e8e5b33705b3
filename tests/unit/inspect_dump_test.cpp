#include "inspect/dump.h"

#include <gtest/gtest.h>

#include <string>

#include "inspect_compiled.h"
#include "inspect_printed.h"

namespace almanac::inspect {
namespace {

std::string dump_of(const Snapshot& snapshot, const Selection& selection = {}) {
  return printed_by([&](Output& output) { dump(snapshot, selection, output); });
}

const std::string kShuffled =
    R"({"namespace":"b","name":"z","endpoints":["tcp://h:1"]}
{"registry":"acme","revision":"r1"}
{"namespace":"empty"}
{"endpoints":[{"zone":"z1","weight":0,"attributes":{"b":true,"a":1},"uri":"https://x.example/","tags":["q","p"],"version":"1.0.0"},{"uri":"https://x.example/","weight":1}],"value":"","tags":["t2","t1"],"name":"full","description":"say \"hi\"\n","attributes":{"k":""},"namespace":"a/b"}
{"namespace":"b","name":"Z","value":"größe"}
)";

const std::string kCanonical =
    R"({"registry":"acme","revision":"r1"}
{"namespace":"a/b","name":"full","description":"say \"hi\"\n","value":"","tags":["t1","t2"],"attributes":{"k":""},"endpoints":[{"uri":"https://x.example/","version":"1.0.0","weight":0,"zone":"z1","tags":["p","q"],"attributes":{"a":"1","b":"true"}},{"uri":"https://x.example/"}]}
{"namespace":"b","name":"Z","value":"größe"}
{"namespace":"b","name":"z","endpoints":[{"uri":"tcp://h:1"}]}
{"namespace":"empty"}
)";

TEST(Dump, has_one_form_for_one_registry) { EXPECT_EQ(dump_of(compiled(kShuffled).snapshot), kCanonical); }

TEST(Dump, compiles_to_the_bytes_it_came_from) {
  const Compiled first = compiled(kShuffled);
  EXPECT_EQ(compiled(dump_of(first.snapshot)).bytes, first.bytes);
}

TEST(Dump, leaves_the_first_line_out_when_there_is_nothing_to_say) {
  EXPECT_EQ(dump_of(compiled(R"({"namespace":"a","name":"x","value":"1"})").snapshot),
            "{\"namespace\":\"a\",\"name\":\"x\",\"value\":\"1\"}\n");
  EXPECT_EQ(dump_of(compiled("{\"revision\":\"7\"}\n{\"namespace\":\"a\"}").snapshot), "{\"revision\":\"7\"}\n{\"namespace\":\"a\"}\n");
}

TEST(Dump, prints_the_part_that_was_asked_for) {
  const Compiled all = compiled(kShuffled);
  const std::string head = "{\"registry\":\"acme\",\"revision\":\"r1\"}\n";
  const std::string z = "{\"namespace\":\"b\",\"name\":\"z\",\"endpoints\":[{\"uri\":\"tcp://h:1\"}]}\n";
  EXPECT_EQ(dump_of(all.snapshot, {.namespace_name = "empty", .prefix = "", .tags = {}}), head + "{\"namespace\":\"empty\"}\n");
  EXPECT_EQ(dump_of(all.snapshot, {.namespace_name = {}, .prefix = "z", .tags = {}}), head + z);
  EXPECT_EQ(dump_of(all.snapshot, {.namespace_name = "b", .prefix = "", .tags = {"t1"}}), head);
  const std::string tagged = dump_of(all.snapshot, {.namespace_name = {}, .prefix = "", .tags = {"t1", "t2"}});
  EXPECT_NE(tagged.find("\"name\":\"full\""), std::string::npos);
  EXPECT_EQ(tagged.find("\"namespace\":\"b\""), std::string::npos);
}

TEST(Dump, refuses_a_namespace_that_is_not_there) {
  const Compiled all = compiled(kShuffled);
  try {
    (void)dump_of(all.snapshot, {.namespace_name = "emty", .prefix = "", .tags = {}});
    ADD_FAILURE() << "a namespace was found that is not there";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_NE(std::string(error.what()).find("\"empty\""), std::string::npos) << error.what();
  }
}

const std::string kRules =
    R"({"registry":"acme"}
{"callers":[{"when":{"role":["a*","b\\\\?"],"tag.x":"größe"},"namespace":"a","rollout":[{"to":"b","percent":"0.0001%","by":"key"},{"to":"b","ramp":[{"at":"2026-11-20T09:00:00Z","percent":"0%"},{"at":"2026-11-20T09:00:00.500Z","percent":"50%"}],"by":"key"}]},{"namespace":"a","rollout":{"to":"b","steps":[{"at":"2026-11-20T09:00:00Z","percent":"100%"}]}}]}
{"namespace":"a","name":"x","value":"1"}
{"namespace":"b"}
)";

TEST(Dump, has_one_form_for_the_rules_about_callers) {
  const Compiled written = compiled(
      R"({"callers":[{"rollout":[{"by":"key","percent":0.0001,"to":"b"},{"by":"key","to":"b","linear":{"from":"2026-11-20T10:00:00+01:00","over":"500ms","up_to":"50"}}],"namespace":"a","when":{"tag.x":["größe"],"role":["b\\\\?","a*"]}},{"namespace":"a","rollout":[{"to":"b","at":"2026-11-20T09:00:00Z","by":"instance"}]}]}
{"namespace":"a","name":"x","value":"1"}
{"namespace":"b"}
{"registry":"acme"}
)");
  EXPECT_EQ(dump_of(written.snapshot), kRules);
  EXPECT_EQ(compiled(kRules).bytes, written.bytes);
}

TEST(Dump, of_a_part_has_no_rules_about_callers) {
  const Compiled all = compiled(kRules);
  EXPECT_EQ(dump_of(all.snapshot, {.namespace_name = "b", .prefix = "", .tags = {}}), "{\"registry\":\"acme\"}\n{\"namespace\":\"b\"}\n");
  EXPECT_EQ(dump_of(all.snapshot, {.namespace_name = {}, .prefix = "none", .tags = {}}), "{\"registry\":\"acme\"}\n");
}

}  // namespace
}  // namespace almanac::inspect
