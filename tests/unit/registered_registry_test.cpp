#include "registrations/registered_registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "document_text.h"

namespace almanac::registrations {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Registered registered(const std::string& registrant, const std::string& uri, bool lapsed = false) {
  Registered each;
  each.registration = {registrant, "prod", "users", std::nullopt,
                       R"({"namespace":"prod","name":"users","endpoints":[{"uri":")" + uri + "\"}]}"};
  each.key = registration_key("prod", "users", registrant);
  each.lapsed = lapsed;
  return each;
}

std::vector<std::string> uris(Reading reading) {
  progress::Progress silent;
  const source::LoadResult loaded = load_registry({}, reading, silent);
  EXPECT_THAT(source::problem_lines(loaded), IsEmpty());
  std::vector<std::string> uris;
  for (const model::Endpoint& endpoint : source::service(loaded, "prod", "users").endpoints) uris.emplace_back(endpoint.uri);
  return uris;
}

// "-" comes before "/", and its key behind that of "%2F".
TEST(RegisteredRegistry, endpoints_are_in_the_order_of_the_registrants_and_not_of_their_keys) {
  Reading reading;
  reading.registered = {registered("stack/a", "tcp:2"), registered("stack-b", "tcp:1"), registered("Z", "tcp:0")};
  std::ranges::sort(reading.registered, {}, &Registered::key);
  ASSERT_EQ(reading.registered[1].registration.registrant, "stack/a");
  EXPECT_THAT(uris(reading), ElementsAre("tcp:0", "tcp:1", "tcp:2"));
}

TEST(RegisteredRegistry, what_has_lapsed_is_not_in_it_unless_it_is_kept) {
  Reading reading;
  reading.registered = {registered("a", "tcp:1", true), registered("b", "tcp:2")};
  EXPECT_THAT(uris(reading), ElementsAre("tcp:2"));
  reading.registered[0].kept = true;
  EXPECT_THAT(uris(reading), ElementsAre("tcp:1", "tcp:2"));
}

TEST(RegisteredRegistry, a_record_that_is_none_is_a_problem_of_its_object) {
  Reading reading;
  reading.registered = {registered("a", "nowhere")};
  progress::Progress silent;
  EXPECT_THAT(source::problem_lines(load_registry({}, reading, silent)),
              ElementsAre(testing::HasSubstr("registrations/prod/users/a.json:1:56: service \"users\": uri needs a scheme")));
}

}  // namespace
}  // namespace almanac::registrations
