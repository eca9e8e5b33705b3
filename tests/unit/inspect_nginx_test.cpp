#include <gmock/gmock.h>

#include "inspect_exported.h"

namespace almanac::inspect {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Nginx, has_an_upstream_for_each_service_and_maps_to_them) {
  const Exported made = exported("nginx", R"({"namespace":"prod","name":"api","endpoints":["https://api.example.com"]}
{"namespace":"prod","name":"users","endpoints":[{"uri":"http://10.0.0.1:8080","weight":3},{"uri":"http://[2001:db8::1]"},{"uri":"http://10.0.0.3/","weight":0}]}
)");
  EXPECT_EQ(made.text, R"(# Made by inspect-snapshot: change the registry, not this file.

upstream almanac-api {
  server api.example.com:443;
}

upstream almanac-users {
  server 10.0.0.1:8080 weight=3;
  server [2001:db8::1]:80;
  server 10.0.0.3:80 down;
}

map $almanac_service $almanac_upstream {
  "api" almanac-api;
  "users" almanac-users;
}

map $almanac_service $almanac_scheme {
  default http;
  "api" https;
}
)");
  EXPECT_THAT(made.losses, IsEmpty());
}

TEST(Nginx, names_services_by_their_namespace_where_there_are_several) {
  const std::string both = R"({"namespace":"prod/eu","name":"users","endpoints":["http://10.0.0.1"]}
{"namespace":"dev","name":"users","endpoints":["http://10.0.0.2"]}
)";
  const std::string text = exported("nginx", both).text;
  EXPECT_THAT(
      text, HasSubstr("\"dev/users\" almanac-dev_users-89dcab7c1ebeb25d;\n  \"prod/eu/users\" almanac-prod_eu_users-0f297382bb14c154;\n"));
  EXPECT_THAT(exported("nginx", both, {.namespace_name = "dev", .prefix = "", .tags = {}}).text,
              HasSubstr("{\n  \"users\" almanac-users;\n}"));
}

TEST(Nginx, hostile_names_are_strings) {
  const std::string text = exported("nginx", R"({"namespace":"p","name":"a\"; } $b \\ {#'","endpoints":["http://10.0.0.1"]}
{"namespace":"p","name":"default","endpoints":["http://10.0.0.1"]}
{"namespace":"p","name":"~.*","endpoints":["http://10.0.0.1"]}
{"namespace":"p","name":"größe","endpoints":["http://10.0.0.1"]}
)")
                               .text;
  EXPECT_THAT(text, HasSubstr(R"(  "a\"; } $b \\ {#'" almanac-a______b______-5b947aa2b89d089b;)"));
  EXPECT_THAT(text, HasSubstr(R"(  "\\default" almanac-default;)"));
  EXPECT_THAT(text, HasSubstr(R"(  "\\~.*" almanac-_._-233205b71ad97e8e;)"));
  EXPECT_THAT(text, HasSubstr(R"(  "größe" almanac-gr____e-55e8ea76fb1750ca;)"));
}

TEST(Nginx, hostile_hosts_are_left_out) {
  for (const std::string host : {"a;b", "a{b}", "$host", "a\\\"b", "-", "10.0.0.256", "[::1", "a..b", "", "fe80::1%25eth0", "1.2.3"}) {
    const Exported made = exported("nginx", R"({"namespace":"p","name":"x","endpoints":["http://)" + host + R"(:80/"]})");
    EXPECT_THAT(made.losses, ElementsAre("nginx: 1 service without an endpoint that has host and port (p/x): left out")) << host;
    EXPECT_THAT(made.text, Not(HasSubstr("server ")));
  }
}

TEST(Nginx, a_host_named_unix_is_no_socket) {
  const Exported made = exported("nginx", R"({"namespace":"p","name":"a","endpoints":["http://Unix:80"]}
{"namespace":"p","name":"b","endpoints":["http://unix:80","http://unix.example:80"]}
)");
  EXPECT_THAT(made.text, Not(HasSubstr("nix:")));
  EXPECT_THAT(made.text, Not(HasSubstr("almanac-a")));
  EXPECT_THAT(made.text, HasSubstr("{\n  server unix.example:80;\n}"));
  EXPECT_THAT(made.losses,
              ElementsAre("nginx: 2 endpoints with a host that is named unix, which nginx takes for a socket (first: p/a): left out",
                          "nginx: 1 service without an endpoint that nginx can reach (p/a): left out"));
}

TEST(Nginx, refuses_names_that_differ_in_case_alone) {
  EXPECT_EQ(export_error("nginx", R"({"namespace":"p","name":"a/B","endpoints":["http://10.0.0.1"]}
{"namespace":"p","name":"a/b","endpoints":["http://10.0.0.2"]}
)"),
            "nginx: \"p/a/B\" and \"p/a/b\" are both \"a/b\" there; rename one, or export a part by -n, --prefix or --tag");
}

TEST(Nginx, tells_what_it_cannot_say) {
  const Exported made = exported("nginx", R"({"namespace":"p","name":"limit","value":"3"}
{"namespace":"p","name":"queue","endpoints":["arn:aws:sqs:us-east-1:123456789012:q"]}
{"namespace":"p","name":"users","description":"d","tags":["t"],"attributes":{"k":"v"},"value":"x","endpoints":[{"uri":"https://u:secret@10.0.0.1/a?b","version":"1.0.0","zone":"z","tags":["t"],"attributes":{"k":"v"}},"http://10.0.0.2","tcp://10.0.0.3:1","arn:a:b"]}
)");
  EXPECT_THAT(
      made.losses,
      ElementsAre(
          "nginx: 2 services without an endpoint that has host and port (first: p/limit): left out",
          "nginx: 1 endpoint with a path or query (p/users): that is left out",
          "nginx: 1 endpoint with a user before the host (p/users): that is left out",
          "nginx: 1 endpoint with a version (p/users): that is left out", "nginx: 1 endpoint with a zone (p/users): that is left out",
          "nginx: 1 endpoint with tags (p/users): these are left out", "nginx: 1 endpoint with attributes (p/users): these are left out",
          "nginx: 1 endpoint without host and port (p/users): left out", "nginx: 1 service with a description (p/users): that is left out",
          "nginx: 1 service with a value (p/users): that is left out", "nginx: 1 service with tags (p/users): these are left out",
          "nginx: 1 service with attributes (p/users): these are left out",
          "nginx: 1 service with some endpoints over https and some not (p/users): that of the first one counts for all",
          "nginx: 1 endpoint of another scheme than http or https (p/users): the map says http"));
  for (const std::string& loss : made.losses) EXPECT_THAT(loss, Not(HasSubstr("secret")));
  EXPECT_THAT(made.text, Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace almanac::inspect
