#include <gmock/gmock.h>

#include "inspect_exported.h"

namespace almanac::inspect {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Hosts, has_a_line_for_each_address) {
  const Exported made = exported(
      "hosts",
      R"({"namespace":"p","name":"a/Users","endpoints":[{"uri":"foo://10.0.0.1"},{"uri":"foo://10.0.0.1/"},{"uri":"foo://[::1]"},{"uri":"foo://10.0.0.3","weight":0}]}
{"namespace":"p","name":"b","endpoints":["foo://10.0.0.1"]}
)");
  EXPECT_EQ(made.text, "# Made by inspect-snapshot: change the registry, not this file.\n10.0.0.1\tusers.a\n::1\tusers.a\n10.0.0.1\tb\n");
  EXPECT_THAT(made.losses, ElementsAre("hosts: 1 endpoint of weight 0 (p/a/Users): left out"));
}

TEST(Hosts, tells_of_a_service_that_nobody_is_to_be_sent_to) {
  const Exported made = exported("hosts", R"({"namespace":"p","name":"a","endpoints":[{"uri":"foo://10.0.0.1","weight":0}]})");
  EXPECT_EQ(made.text, "# Made by inspect-snapshot: change the registry, not this file.\n");
  EXPECT_THAT(made.losses, ElementsAre("hosts: 1 endpoint of weight 0 (p/a): left out",
                                       "hosts: 1 service without an endpoint of a weight (p/a): left out"));
}

TEST(Hosts, tells_what_it_cannot_say) {
  const Exported made = exported("hosts", R"({"namespace":"p","name":"a b","endpoints":["foo://10.0.0.1"]}
{"namespace":"p","name":"c","endpoints":[{"uri":"http://10.0.0.1","weight":2},"foo://10.0.0.2","foo://example.com"]}
{"namespace":"p","name":"d","value":"3"}
)");
  EXPECT_THAT(made.losses, ElementsAre("hosts: 1 service with a name that is none in DNS (p/a b): left out",
                                       "hosts: 1 endpoint with a port (p/c): that is left out",
                                       "hosts: 1 service with endpoints of different weights (p/c): all count the same",
                                       "hosts: 1 endpoint with a name where an address is wanted (p/c): left out",
                                       "hosts: 1 service without an endpoint that has a host (p/d): left out"));
  EXPECT_THAT(made.text, HasSubstr("file.\n10.0.0.1\tc\n10.0.0.2\tc\n"));
}

}  // namespace
}  // namespace almanac::inspect
