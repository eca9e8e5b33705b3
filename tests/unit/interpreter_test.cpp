#include "source/interpreter.h"

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

// The problems of one service "s" with these fields.
std::vector<std::string> of_service(const std::string& fields) {
  return problems_of(Language::yaml, "namespaces:\n p:\n  services:\n   s: " + fields + "\n");
}

std::vector<std::string> of_endpoint(const std::string& fields) { return of_service("{endpoints: [" + fields + "]}"); }

TEST(Interpreter, FieldsOfServices) {
  EXPECT_THAT(of_service("{value: ''}"), IsEmpty()) << "an empty value is a value";
  EXPECT_THAT(of_service("{}"), ElementsAre("x.yaml:4:4: service \"s\": needs at least one endpoint or a value"));
  EXPECT_THAT(of_service("{endpoints: []}"), ElementsAre("x.yaml:4:4: service \"s\": needs at least one endpoint or a value"));
  EXPECT_THAT(of_service("{endpoints: [], value: a}"), IsEmpty());
  EXPECT_THAT(of_service("{endpoints: 'a:b'}"),
              ElementsAre("x.yaml:4:19: service \"s\": endpoints must be a list, even of one: [ … ], got a text"));
  EXPECT_THAT(of_service("{endpoints: {uri: 'a:b'}}"),
              ElementsAre("x.yaml:4:19: service \"s\": endpoints must be a list, even of one: [ … ], got a mapping"));
  EXPECT_THAT(of_service("{value: a, tags: pci}"),
              ElementsAre("x.yaml:4:24: service \"s\": tags must be a list, even of one: [ … ], got a text"));
  EXPECT_THAT(of_service("{value: [a]}"), ElementsAre("x.yaml:4:15: service \"s\": value must be a text, got a list"));
  EXPECT_THAT(of_service("{value: a, attributes: [a]}"),
              ElementsAre("x.yaml:4:30: service \"s\": attributes must be a mapping of keys to texts, got a list"));
  EXPECT_THAT(of_service("{value: a, attributes: {k: {}}}"),
              ElementsAre("x.yaml:4:34: service \"s\": value of an attribute must be a text, got a mapping"));
  EXPECT_THAT(of_service("{value: a, attributes: {k: 1, '': 2, k: 3}}"),
              ElementsAre("x.yaml:4:37: service \"s\": key of an attribute must not be empty",
                          "x.yaml:4:44: service \"s\": attribute \"k\" is given twice, first at line 4, column 31; give it once"));
  EXPECT_THAT(of_service("{value: a, tags: [b, '', a, b]}"),
              ElementsAre("x.yaml:4:28: service \"s\": tag must not be empty",
                          "x.yaml:4:35: service \"s\": tag \"b\" is given twice, first at line 4, column 25; give it once"));
}

TEST(Interpreter, FieldsOfEndpoints) {
  EXPECT_THAT(of_endpoint("'a:b', {uri: 'a:b', weight: 0}, {uri: 'a:b'}"), IsEmpty());
  EXPECT_THAT(of_endpoint("{weight: 1}"), ElementsAre("x.yaml:4:20: service \"s\": an endpoint needs a uri"));
  EXPECT_THAT(of_endpoint("{uri: 'a:b', weight: -1}"), ElementsAre("x.yaml:4:41: service \"s\": weight must be 0 to 65535, got -1"));
  EXPECT_THAT(of_endpoint("{uri: 'a:b', weight: '9'}"),
              ElementsAre("x.yaml:4:41: service \"s\": weight must be a number, got the text \"9\"; write it without quotes"));
  EXPECT_THAT(of_endpoint("{uri: 'a:b', weight: [1]}"), ElementsAre("x.yaml:4:41: service \"s\": weight must be a number, got a list"));
  EXPECT_THAT(of_endpoint("{uri: 'a:b', version: 2.1}"), ElementsAre(HasSubstr("service \"s\": version must be semantic")));
  EXPECT_THAT(of_endpoint("{uri: 'a:b', zone: ''}"), ElementsAre("x.yaml:4:39: service \"s\": zone must not be empty"));
  EXPECT_THAT(of_endpoint("[a]"), ElementsAre("x.yaml:4:20: service \"s\": an endpoint must be a uri or a mapping with a uri, got a list"));
  EXPECT_THAT(of_endpoint("host"), ElementsAre(HasSubstr("service \"s\": uri needs a scheme")));
}

TEST(Interpreter, ShortForm) {
  EXPECT_THAT(of_service("'https://host'"), IsEmpty());
  EXPECT_THAT(of_service("'3'"), ElementsAre("x.yaml:4:7: service \"s\": needs the uri of an endpoint, as in \"https://host\"; "
                                             "for a plain value write { value: \"3\" }"));
  EXPECT_THAT(of_service("'https://a b'"), ElementsAre(HasSubstr("uri must not hold spaces")));
  EXPECT_THAT(of_service("['https://host']"), ElementsAre(HasSubstr("must be a uri or a mapping with endpoints or a value, got a list")));
}

TEST(Interpreter, UnknownFields) {
  EXPECT_THAT(of_service("{value: a, endpoint: []}"),
              ElementsAre("x.yaml:4:18: service \"s\": unknown field \"endpoint\"; did you mean \"endpoints\"?"));
  EXPECT_THAT(
      of_service("{value: a, port: 80}"),
      ElementsAre("x.yaml:4:18: service \"s\": unknown field \"port\"; known fields: description, value, tags, attributes, endpoints"));
  EXPECT_THAT(of_endpoint("{uri: 'a:b', wieght: 3}"), ElementsAre(HasSubstr("did you mean \"weight\"?")));
  EXPECT_THAT(problems_of(Language::yaml, "namespace: {}\n"),
              ElementsAre("x.yaml:1:1: unknown field \"namespace\"; did you mean \"namespaces\"?"));
  EXPECT_THAT(problems_of(Language::yaml, "namespaces: {p: {inherit: q}}\n"),
              ElementsAre("x.yaml:1:18: namespace \"p\": unknown field \"inherit\"; did you mean \"inherits\"?"));
}

TEST(Interpreter, Namespaces) {
  EXPECT_THAT(problems_of(Language::yaml, "namespaces: {p: {inherits: q}, q: {}}"), IsEmpty());
  EXPECT_THAT(problems_of(Language::yaml, "namespaces: [p]"),
              ElementsAre("x.yaml:1:13: namespaces must be a mapping of names to namespaces, got a list"));
  EXPECT_THAT(problems_of(Language::yaml, "namespaces: {p: }"),
              ElementsAre(HasSubstr("namespace \"p\": must be a mapping with services or inherits")));
  EXPECT_THAT(problems_of(Language::yaml, "namespaces: {p: {services: []}}"),
              ElementsAre(HasSubstr("namespace \"p\": services must be a mapping")));
  EXPECT_THAT(problems_of(Language::yaml, "namespaces: {p/: {inherits: {}}}"),
              ElementsAre(HasSubstr("name of a namespace must not end with \"/\""),
                          HasSubstr("inherits must be the name of a namespace or a list of such names")));
  std::string parents;
  for (std::size_t i = 0; i < 256; ++i) parents += numbered("q", i) + ", ";
  EXPECT_THAT(problems_of(Language::yaml, "namespaces: {p: {inherits: [" + parents + "]}}"),
              ElementsAre(HasSubstr("at most 255 namespaces, got 256")));
}

TEST(Interpreter, ManyOfAnything) {
  std::string tags = "t0";
  std::string pairs = "k0: v";
  for (std::size_t i = 1; i < 256; ++i) {
    tags += numbered(", t", i);
    pairs += numbered(", k", i) + ": v";
  }
  EXPECT_THAT(of_service("{value: a, tags: [" + tags + "], attributes: {" + pairs + "}}"),
              ElementsAre(HasSubstr("tags must be at most 255, got 256"), HasSubstr("attributes must be at most 255, got 256")));
  std::string uris = "{\"namespace\":\"p\",\"name\":\"s\",\"endpoints\":[\"a:b\"";
  for (std::size_t i = 1; i < 65536; ++i) uris += ",\"a:b\"";
  EXPECT_THAT(problems_of(Language::json_lines, uris + "]}"), ElementsAre(HasSubstr("endpoints must be at most 65535, got 65536")));
}

TEST(Interpreter, AllProblemsOfARecordAreTold) {
  EXPECT_THAT(of_service("{descriptoin: x, tags: [a, a], endpoints: [{uri: host, weight: 70000, version: 1}]}").size(), 5U);
}

}  // namespace
}  // namespace almanac::source
