#include "source/yaml_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "document_text.h"
#include "numbered.h"

namespace almanac::source {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> problems(std::string_view text) { return problems_of(Language::yaml, text); }

constexpr const char* kExample = R"(registry: acme
namespaces:
  shared:
    services:
      audit-log: arn:aws:sqs:us-east-1:123456789012:audit-9T84AZYTJXEP     # short form: one endpoint
  prod:
    inherits: [shared]
    services:
      user-management-service:
        description: Accounts and sessions
        tags: [pci]
        attributes: { owner: team-identity, timeout_ms: 500 }
        endpoints:
          - { uri: "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod", version: 2.1.0, weight: 90, zone: us-east-1a }
          - { uri: "https://f6g7h8i9j0.execute-api.us-east-1.amazonaws.com/prod", version: 2.2.0, weight: 10 }
      nsqlookupd: { endpoints: ["tcp://10.0.1.5:4161", "tcp://10.0.2.7:4161"] }
      payments/api/max-retries: { value: "3" }
)";

TEST(YamlSource, ReadsADocument) {
  const auto loaded = load_texts({{"x.yaml", kExample}});
  ASSERT_THAT(problem_lines(loaded), IsEmpty());
  EXPECT_EQ(loaded.registry.name, "acme");
  ASSERT_EQ(loaded.registry.namespaces.size(), 2U);
  const auto& prod = loaded.registry.namespaces[0];
  EXPECT_EQ(prod.name, "prod");
  std::vector<std::string_view> names;
  for (const auto& each : prod.services) names.push_back(each.name);
  EXPECT_THAT(names, ElementsAre("audit-log", "nsqlookupd", "payments/api/max-retries", "user-management-service"));
  const auto& users = service(loaded, "prod", "user-management-service");
  EXPECT_EQ(users.attributes[1].value, "500");
  EXPECT_EQ(users.endpoints[0].weight, 90);
  EXPECT_EQ(users.endpoints[1].version, "2.2.0");
  EXPECT_EQ(users.value, std::nullopt);
  EXPECT_EQ(users.location.line, 9U);
  EXPECT_EQ(users.location.column, 7U);
  EXPECT_EQ(service(loaded, "prod", "payments/api/max-retries").value, "3");
  EXPECT_THAT(service(loaded, "prod", "audit-log").endpoints[0].uri, "arn:aws:sqs:us-east-1:123456789012:audit-9T84AZYTJXEP");
}

TEST(YamlSource, ScalarsKeepTheirWrittenText) {
  const auto loaded = load_texts({{"x.yaml", R"(namespaces:
  p:
    services:
      s:
        value: |
          one
          two
        attributes: {a: 0x1F, b: yes, c: 1.50, d: 2024-01-01, e: 'it''s', f: "\u00e4\n", g: "", h: !!str 5, i: "null", j: "~"}
)"}});
  ASSERT_THAT(problem_lines(loaded), IsEmpty());
  const auto& read = service(loaded, "p", "s");
  EXPECT_EQ(read.value, "one\ntwo\n");
  std::vector<std::string_view> values;
  for (const auto& attribute : read.attributes) values.push_back(attribute.value);
  EXPECT_THAT(values, ElementsAre("0x1F", "yes", "1.50", "2024-01-01", "it's", "ä\n", "", "5", "null", "~"));
}

TEST(YamlSource, TheEndOfTheFileChangesNoText) {
  const std::string start = "namespaces:\n  p:\n    services:\n      s:\n        value: ";
  const auto value = [&start](const std::string& text) {
    const auto loaded = load_texts({{"x.yaml", start + text}});
    EXPECT_THAT(problem_lines(loaded), IsEmpty()) << text;
    return std::string(service(loaded, "p", "s").value.value_or("none"));
  };
  EXPECT_EQ(value("|\n          one\n"), "one\n");
  EXPECT_EQ(value("|+\n          one\n\n\n"), "one\n\n\n");
  EXPECT_EQ(value("|-\n          one\n\n"), "one");
  EXPECT_EQ(value("one\n"), "one");
  EXPECT_EQ(value("one"), "one");
  EXPECT_EQ(value("one\n...\n"), "one");
  EXPECT_EQ(value("\"one\"\n# end\n"), "one");
}

TEST(YamlSource, NullIsNoText) {
  EXPECT_THAT(problems("namespaces: {p: {services: {s: {value: ~}, t: {value: null}, u: {value: }, v: }}}"),
              ElementsAre("x.yaml:1:40: service \"s\": value must be a text, got nothing (null)",
                          "x.yaml:1:55: service \"t\": value must be a text, got nothing (null)",
                          HasSubstr("service \"u\": value must be a text, got nothing (null)"),
                          HasSubstr("service \"v\": must be a uri or a mapping with endpoints or a value, got nothing (null)")));
}

TEST(YamlSource, ReadsSeveralDocuments) {
  const auto loaded = load_texts(
      {{"x.yaml", "registry: a\n---\nnamespaces: {p: {services: {s: 'a:b'}}}\n---\nnamespaces: {p: {services: {t: 'a:b'}}}\n...\n"}});
  EXPECT_THAT(problem_lines(loaded), IsEmpty());
  EXPECT_EQ(loaded.registry.namespaces.at(0).services.size(), 2U);
}

TEST(YamlSource, ExpectsDocuments) {
  EXPECT_THAT(problems(""), ElementsAre("x.yaml:1:1: the document is empty; give it namespaces, or remove it"));
  EXPECT_THAT(problems("# nothing\n"), ElementsAre(HasSubstr("the document is empty")));
  EXPECT_THAT(problems("---\n---\nregistry: a\n"), ElementsAre(HasSubstr("the document is empty")));
  EXPECT_THAT(problems("just text"),
              ElementsAre("x.yaml:1:1: a registry document must be a mapping with registry, revision, namespaces or callers, got a text"));
}

TEST(YamlSource, AliasesStandForTheirAnchors) {
  const auto loaded = load_texts({{"x.yaml", R"(namespaces:
  p:
    services:
      s: {value: v, tags: &tags [b, &a a], attributes: &set {k: &v "1"}}
      t: {value: *v, tags: *tags, attributes: *set}
      u: {value: v, tags: [*a]}
      *a : {value: w}
)"}});
  ASSERT_THAT(problem_lines(loaded), IsEmpty());
  EXPECT_THAT(service(loaded, "p", "t").tags, ElementsAre("a", "b"));
  EXPECT_EQ(service(loaded, "p", "t").value, "1");
  EXPECT_EQ(service(loaded, "p", "t").attributes[0].key, "k");
  EXPECT_THAT(service(loaded, "p", "u").tags, ElementsAre("a"));
  EXPECT_EQ(service(loaded, "p", "a").value, "w");
}

TEST(YamlSource, RefusesAliasBombs) {
  std::string bomb = "namespaces: {p: {services: {}}}\nx0: &x0 [a, a, a, a, a, a, a, a, a, a]\n";
  for (std::size_t i = 1; i < 12; ++i) {
    const std::string last = numbered("*x", i - 1);
    bomb += numbered("x", i) + numbered(": &x", i) + " [";
    for (std::size_t j = 0; j < 10; ++j) bomb += (j > 0 ? ", " : "") + last;
    bomb += "]\n";
  }
  EXPECT_THAT(problems(bomb), ElementsAre(HasSubstr("aliases stand for more than 1000000 values")));
  EXPECT_THAT(problems("namespaces: &a {p: *a}"), ElementsAre("x.yaml:1:20: an alias stands inside what it refers to"));
  EXPECT_THAT(problems("namespaces: *nowhere"), ElementsAre(HasSubstr("not valid YAML")));
}

TEST(YamlSource, RefusesByName) {
  EXPECT_THAT(problems("namespaces:\n  p: &p {}\n  q:\n    <<: *p\n"),
              ElementsAre("x.yaml:4:5: merge keys (<<) are not supported; write the fields out, or let the namespace inherit"));
  EXPECT_THAT(problems("registry: !include x"), ElementsAre("x.yaml:1:11: the tag \"!include\" is not supported; remove it"));
  EXPECT_THAT(problems("namespaces: !!set {}"), ElementsAre(HasSubstr("the tag \"tag:yaml.org,2002:set\" is not supported")));
  EXPECT_THAT(problems("? [a]\n: b\n"), ElementsAre("x.yaml:1:3: a key must be a text, got a list; or a bracket is not closed"));
  EXPECT_THAT(problems("? {a: b}\n: b\n"), ElementsAre("x.yaml:1:3: a key must be a text, got a mapping; or a bracket is not closed"));
  EXPECT_THAT(problems("~: b\n"), ElementsAre("x.yaml:1:1: a key must be a text, got nothing (null); or a bracket is not closed"));
  EXPECT_THAT(problems("registry: \"a\\0b\""), ElementsAre("x.yaml:1:11: a text holds the character U+0000"));
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_THAT(problems("registry: " + nested(63)), ElementsAre(HasSubstr("registry must be a text, got a list")));
  EXPECT_THAT(problems("registry: " + nested(64)), ElementsAre("x.yaml:1:74: the document nests too deep"));
  EXPECT_THAT(problems("registry: " + std::string(100'000, '[')), ElementsAre(HasSubstr("or a bracket is not closed")));
}

TEST(YamlSource, RefusesBytesThatAreNoText) {
  EXPECT_THAT(problems("registry: a\n# \xff\n"), ElementsAre("x.yaml:2:3: not valid YAML: the text is not UTF-8 here"));
  EXPECT_THAT(problems(std::string("registry: a\0b", 13)),
              ElementsAre("x.yaml:1:12: not valid YAML: a control character; in double quotes write it as \\xXX"));
  EXPECT_THAT(problems("registry: a\x04\nnonsense: 1\n"), ElementsAre(HasSubstr("x.yaml:1:12: not valid YAML: a control character")));
  EXPECT_THAT(problems("\xff\xfe"
                       "r"),
              ElementsAre(HasSubstr("the text is not UTF-8")));
  EXPECT_THAT(problems("\xef\xbb\xbfregistry: a\n"), IsEmpty());
}

TEST(YamlSource, BrokenSyntaxIsOneProblem) {
  EXPECT_THAT(problems("registry: a\nnamespaces:\n  p: {services: {\n"), ElementsAre(HasSubstr("a bracket is not closed")));
  EXPECT_THAT(problems("a: b: c\n"), ElementsAre(HasSubstr("x.yaml:1:5: not valid YAML")));
  EXPECT_THAT(problems("a:\n\tb: c\n"), ElementsAre(HasSubstr("not valid YAML")));
  for (const char* open : {"registry: \"a", "registry: \"a\n", "registry: 'a\n", "registry: \"a\nrevision: c\n"}) {
    EXPECT_THAT(problems(open), ElementsAre(HasSubstr("not valid YAML"))) << open;
  }
  EXPECT_THAT(problems("{\n"), ElementsAre("x.yaml:1:1: a key must be a text, got a mapping; or a bracket is not closed"));
}

TEST(YamlSource, EndsWhereNoDocumentCanBegin) {
  EXPECT_THAT(problems(",registry: a"),
              ElementsAre(HasSubstr("the document is empty"), "x.yaml:1:1: not valid YAML: no document can begin here"));
}

TEST(YamlSource, KeysAreGivenOnce) {
  EXPECT_THAT(
      problems("namespaces:\n  p: {services: {a: 'x:y', a: 'x:y'}, services: {}}\n  p: {}\n"),
      ElementsAre("x.yaml:2:28: service \"a\" of namespace \"p\" is already defined at x.yaml:2:18; remove or rename one of the two",
                  "x.yaml:2:39: namespace \"p\": services is given twice, first at line 2, column 17; give it once",
                  "x.yaml:3:3: namespace \"p\": is given twice, first at line 2, column 3; put its services together"));
}

}  // namespace
}  // namespace almanac::source
