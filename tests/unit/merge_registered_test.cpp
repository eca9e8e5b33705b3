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

TEST(MergeRegistered, registrants_with_whom_it_would_be_more_than_a_service_may_have_are_left_out) {
  const auto tags = [](const std::string& begin, int count) {
    std::string text = R"({"namespace":"p","name":"n","value":"","tags":[)";
    for (int i = 0; i < count; ++i) text.append(i == 0 ? "\"" : ",\"").append(begin).append(std::to_string(i)).append("\"");
    return text + "]}";
  };
  const std::string a = tags("a", 128);
  const std::string b = tags("b", 127);
  const std::string more = tags("c", 1);
  LoadResult loaded = load({}, {{"a", "a.json", a}, {"b", "b.json", b}, {"c", "c.json", a}});
  EXPECT_THAT(source::problem_lines(loaded), IsEmpty());
  EXPECT_THAT(loaded.notes, IsEmpty());
  loaded = load({}, {{"a", "a.json", a}, {"b", "b.json", b}, {"c", "c.json", more}, {"d", "d.json", a}});
  EXPECT_THAT(source::problem_lines(loaded), IsEmpty());
  EXPECT_THAT(source::service(loaded, "p", "n").tags, testing::SizeIs(255));
  EXPECT_THAT(loaded.notes,
              ElementsAre("service \"n\" of namespace \"p\" cannot have more tags; what \"c\" and 1 more registered does not count"));
}

TEST(MergeRegistered, each_limit_of_a_service_leaves_registrants_out) {
  std::string endpoints = R"({"namespace":"p","name":"n","endpoints":["tcp:1")";
  for (int i = 1; i < 65'535; ++i) endpoints += ",\"tcp:1\"";
  std::string attributes = R"({"namespace":"p","name":"m","value":"","attributes":{"k":"v")";
  for (int i = 1; i < 255; ++i) attributes.append(",\"").append(std::to_string(i)).append(R"(":"v")");
  endpoints += "]}";
  attributes += "}}";
  const LoadResult loaded = load({}, {{"a", "1.json", endpoints},
                                      {"a", "2.json", attributes},
                                      {"b", "3.json", R"({"namespace":"p","name":"n","endpoints":["tcp:2"]})"},
                                      {"b", "4.json", R"({"namespace":"p","name":"m","value":"","attributes":{"other":"v"}})"}});
  EXPECT_THAT(source::problem_lines(loaded), IsEmpty());
  EXPECT_THAT(loaded.notes, ElementsAre(HasSubstr("cannot have more attributes; what \"b\" registered"),
                                        HasSubstr("cannot have more endpoints; what \"b\" registered")));
}

TEST(MergeRegistered, records_that_are_none_are_problems_that_name_their_object) {
  const LoadResult loaded = load({}, {{"a", "registrations/p/n/a.json", "{"},
                                      {"b", "registrations/p/n/b.json", R"({"namespace":"p","name":"n","endpoints":["nowhere"]})"}});
  EXPECT_THAT(source::problem_lines(loaded), ElementsAre(HasSubstr("registrations/p/n/a.json:1:1: not valid JSON"),
                                                         HasSubstr("registrations/p/n/b.json:1:42: service \"n\": uri needs a scheme")));
}

}  // namespace
}  // namespace almanac::model
