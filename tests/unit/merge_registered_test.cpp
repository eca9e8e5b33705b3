#include "model/merge_registered.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "document_text.h"
#include "progress/progress.h"

namespace almanac::model {
namespace {

using source::DocumentText;
using source::LoadResult;
using source::RegisteredRecord;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

LoadResult load(const std::vector<DocumentText>& documents, const std::vector<RegisteredRecord>& records) {
  progress::Progress silent;
  return source::load_registry(documents, records, silent);
}

std::vector<std::string> uris(const Service& service) {
  std::vector<std::string> uris;
  for (const Endpoint& endpoint : service.endpoints) uris.emplace_back(endpoint.uri);
  return uris;
}

TEST(MergeRegistered, endpoints_of_several_registrants_follow_each_other_in_their_order) {
  const LoadResult loaded = load({}, {{"a", "a.json", R"({"namespace":"p","name":"n","endpoints":["tcp:1","tcp:2"]})"},
                                      {"b", "b.json", R"({"namespace":"p","name":"other","value":"3"})"},
                                      {"c", "c.json", R"({"namespace":"p","name":"n","endpoints":["tcp:0"]})"}});
  EXPECT_THAT(source::problem_lines(loaded), IsEmpty());
  EXPECT_THAT(loaded.notes, IsEmpty());
  EXPECT_THAT(uris(source::service(loaded, "p", "n")), ElementsAre("tcp:1", "tcp:2", "tcp:0"));
  EXPECT_EQ(source::service(loaded, "p", "other").value, "3");
}

TEST(MergeRegistered, tags_are_united_and_the_first_who_says_a_thing_is_believed) {
  const LoadResult loaded =
      load({}, {{"a", "a.json", R"({"namespace":"p","name":"n","tags":["y"],"attributes":{"k":"1"},"endpoints":["tcp:1"]})"},
                {"b", "b.json", R"({"namespace":"p","name":"n","value":"v","tags":["x","y"],"attributes":{"j":"2","k":"1"}})"},
                {"c", "c.json", R"({"namespace":"p","name":"n","description":"d","value":"w","attributes":{"j":"3","k":"4"}})"}});
  const Service& service = source::service(loaded, "p", "n");
  EXPECT_THAT(service.tags, ElementsAre("x", "y"));
  EXPECT_EQ(service.value, "v");
  EXPECT_EQ(service.description, "d");
  ASSERT_EQ(service.attributes.size(), 2U);
  EXPECT_EQ(service.attributes[0].value, "2");
  EXPECT_EQ(service.attributes[1].value, "1");
  EXPECT_THAT(loaded.notes,
              ElementsAre("service \"n\" of namespace \"p\" has the value that \"b\" gave it, and not the one of \"c\"",
                          "service \"n\" of namespace \"p\" has the attribute \"j\" that \"b\" gave it, and not the one of \"c\"",
                          "service \"n\" of namespace \"p\" has the attribute \"k\" that \"a\" gave it, and not the one of \"c\""));
}

TEST(MergeRegistered, a_service_of_a_document_wins_whole) {
  const LoadResult loaded = load({{"prod.yaml", "namespaces: {p: {services: {n: 'tcp:0'}}}"}},
                                 {{"a", "a.json", R"({"namespace":"p","name":"n","tags":["t"],"endpoints":["tcp:1"]})"},
                                  {"b", "b.json", R"({"namespace":"p","name":"n","endpoints":["tcp:2"]})"},
                                  {"b", "c.json", R"({"namespace":"p","name":"m","endpoints":["tcp:3"]})"}});
  EXPECT_THAT(source::problem_lines(loaded), IsEmpty());
  EXPECT_THAT(uris(source::service(loaded, "p", "n")), ElementsAre("tcp:0"));
  EXPECT_THAT(source::service(loaded, "p", "n").tags, IsEmpty());
  EXPECT_THAT(uris(source::service(loaded, "p", "m")), ElementsAre("tcp:3"));
  EXPECT_THAT(loaded.notes,
              ElementsAre("service \"n\" of namespace \"p\" is that of prod.yaml:1:29; what \"a\" and 1 more registered does not count"));
}

TEST(MergeRegistered, what_is_registered_is_inherited_and_wins_over_what_is_inherited) {
  const LoadResult loaded = load({{"d.yaml", "namespaces: {q: {services: {n: 'tcp:0'}}, p: {inherits: q}, r: {inherits: p}}"}},
                                 {{"a", "a.json", R"({"namespace":"p","name":"n","endpoints":["tcp:1"]})"}});
  EXPECT_THAT(uris(source::service(loaded, "p", "n")), ElementsAre("tcp:1"));
  EXPECT_THAT(uris(source::service(loaded, "r", "n")), ElementsAre("tcp:1"));
  EXPECT_THAT(loaded.notes, IsEmpty());
}

TEST(MergeRegistered, services_that_two_documents_define_are_still_reported) {
  const LoadResult loaded =
      load({{"a.yaml", "namespaces: {p: {services: {n: 'tcp:0'}}}"}, {"b.yaml", "namespaces: {p: {services: {n: 'tcp:1'}}}"}},
           {{"a", "a.json", R"({"namespace":"p","name":"n","endpoints":["tcp:2"]})"}});
  EXPECT_THAT(source::problem_lines(loaded), ElementsAre(HasSubstr("b.yaml:1:29: service \"n\" of namespace \"p\" is already defined")));
}

TEST(MergeRegistered, more_than_a_service_may_have_is_a_problem) {
  const auto tags = [](const std::string& begin) {
    std::string text = R"({"namespace":"p","name":"n","value":"","tags":[)";
    for (int i = 0; i < 128; ++i) text.append(i == 0 ? "\"" : ",\"").append(begin).append(std::to_string(i)).append("\"");
    return text + "]}";
  };
  const std::string a = tags("a");
  const std::string b = tags("b");
  EXPECT_THAT(source::problem_lines(load({}, {{"a", "a.json", a}, {"b", "b.json", b}})),
              ElementsAre("a.json:1:1: service \"n\" of namespace \"p\" has 256 tags of its registrants together, and 255 are the most"));
}

TEST(MergeRegistered, records_that_are_none_are_problems_that_name_their_object) {
  const LoadResult loaded = load({}, {{"a", "registrations/p/n/a.json", "{"},
                                      {"b", "registrations/p/n/b.json", R"({"namespace":"p","name":"n","endpoints":["nowhere"]})"}});
  EXPECT_THAT(source::problem_lines(loaded), ElementsAre(HasSubstr("registrations/p/n/a.json:1:1: not valid JSON"),
                                                         HasSubstr("registrations/p/n/b.json:1:42: service \"n\": uri needs a scheme")));
}

}  // namespace
}  // namespace almanac::model
