#include <gmock/gmock.h>

#include "inspect/export/formats.h"
#include "inspect_exported.h"

namespace almanac::inspect {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ExportSettings serial(std::uint32_t number) {
  ExportSettings settings;
  settings.serial = number;
  return settings;
}

// What stands behind the zone's own records.
std::string records(const std::string& json_lines) {
  const std::string text = exported("zone", json_lines, {}, serial(7)).text;
  constexpr std::string_view kLast = "@ IN NS localhost.\n";
  return text.substr(text.find(kLast) + kLast.size());
}

TEST(Zone, begins_with_its_own_records) {
  ExportSettings settings = serial(4294967295);
  settings.ttl = std::chrono::seconds(5);
  settings.name_server = "ns1.example.com";
  EXPECT_EQ(exported("zone", R"({"namespace":"p"})", {}, settings).text, R"(; Made by inspect-snapshot: change the registry, not this file.
$TTL 5
@ IN SOA ns1.example.com. hostmaster.ns1.example.com. 4294967295 60 60 604800 5
@ IN NS ns1.example.com.
)");
}

TEST(Zone, addresses_have_names_that_service_records_lead_to) {
  EXPECT_EQ(
      records(
          R"({"namespace":"p","name":"Payments/api","endpoints":[{"uri":"http://10.0.0.1:8080","weight":3},{"uri":"https://[2001:DB8::1]","weight":2},{"uri":"http://10.0.0.1:8081"},{"uri":"http://10.0.0.9","weight":0}]})"),
      R"(api.payments IN A 10.0.0.1
api.payments IN AAAA 2001:DB8::1
10-0-0-1.api.payments IN A 10.0.0.1
_http._tcp.api.payments IN SRV 0 3 8080 10-0-0-1.api.payments
2001-0db8-0000-0000-0000-0000-0000-0001.api.payments IN AAAA 2001:DB8::1
_https._tcp.api.payments IN SRV 0 2 443 2001-0db8-0000-0000-0000-0000-0000-0001.api.payments
_http._tcp.api.payments IN SRV 0 1 8081 10-0-0-1.api.payments
)");
}

TEST(Zone, a_bucket_is_no_host) {
  for (const char* uri : {"s3://acme-event-archive/2026", "S3://acme-event-archive", "s3://acme-event-archive:80", "gs://archive",
                          "sqs://jobs", "dynamodb://users"}) {
    const Exported made = exported("zone", std::string(R"({"namespace":"p","name":"x","endpoints":[")") + uri + R"("]})", {}, serial(1));
    EXPECT_THAT(made.losses, ElementsAre("zone: 1 service without an endpoint that has a host (p/x): left out")) << uri;
    EXPECT_THAT(made.text, ::testing::Not(HasSubstr("CNAME"))) << uri;
  }
}

TEST(Zone, tells_of_endpoints_of_weight_0) {
  const std::string weightless = R"({"uri":"http://10.0.0.9","weight":0}]})";
  const auto losses_of = [&](const std::string& before) {
    return exported("zone", R"({"namespace":"p","name":"x",)" + before + weightless, {}, serial(1)).losses;
  };
  EXPECT_THAT(losses_of(R"("endpoints":["http://10.0.0.1",)"), ElementsAre("zone: 1 endpoint of weight 0 (p/x): left out"));
  EXPECT_THAT(losses_of(R"("value":"3","endpoints":[)"), ElementsAre("zone: 1 endpoint of weight 0 (p/x): left out"));
  EXPECT_THAT(losses_of(R"("endpoints":[)"), ElementsAre("zone: 1 endpoint of weight 0 (p/x): left out",
                                                         "zone: 1 service without an endpoint of a weight (p/x): left out"));
}

TEST(Zone, a_host_that_is_a_name_is_an_alias) {
  EXPECT_EQ(records(R"({"namespace":"p","name":"x","endpoints":["udp://a.example.com:53","tcp://a.example.com.:54"]})"),
            R"(_udp._udp.x IN SRV 0 1 53 a.example.com.
_tcp._tcp.x IN SRV 0 1 54 a.example.com.
x IN CNAME a.example.com.
)");
}

TEST(Zone, an_alias_has_nothing_beside_it) {
  for (const std::string more :
       {R"("endpoints":["http://a.example.com","http://b.example.com"])", R"("endpoints":["http://a.example.com","http://10.0.0.1"])",
        R"("value":"3","endpoints":["http://a.example.com"])"}) {
    const Exported made = exported("zone", R"({"namespace":"p","name":"x",)" + more + "}", {}, serial(1));
    EXPECT_EQ(made.text.find("CNAME"), std::string::npos) << made.text;
    EXPECT_THAT(made.losses,
                ElementsAre("zone: 1 service with a name among its hosts and something beside it (p/x): only SRV records have that name"));
  }
}

TEST(Zone, values_are_texts) {
  EXPECT_EQ(records(R"({"namespace":"p","name":"x","value":"say \"hi\" \\ ;\nü"})"), "x IN TXT \"say \\\"hi\\\" \\\\ ;\\010\\195\\188\"\n");
  EXPECT_EQ(records(R"({"namespace":"p","name":"x","value":""})"), "x IN TXT \"\"\n");
  const std::string line = R"({"namespace":"p","name":"x","value":")";
  EXPECT_EQ(records(line + std::string(255, 'a') + "\"}"), "x IN TXT \"" + std::string(255, 'a') + "\"\n");
  EXPECT_EQ(records(line + std::string(256, 'a') + "\"}"), "x IN TXT \"" + std::string(255, 'a') + "\" \"a\"\n");
  EXPECT_THAT(exported("zone", line + std::string(64'001, 'a') + "\"}", {}, serial(1)).losses,
              ElementsAre("zone: 1 service with a value of more than 64,000 bytes (p/x): that is left out"));
}

TEST(Zone, names_that_are_none_in_dns_are_left_out) {
  for (const std::string name : {"a_b", "a b", "-a", "a-", "a..b", ".a", "ü", "a;b", "$TTL", "@", "*"}) {
    const Exported made = exported("zone", R"({"namespace":"p","name":")" + name + R"(","value":"3"})", {}, serial(1));
    EXPECT_THAT(made.losses, ElementsAre("zone: 1 service with a name that is none in DNS (p/" + name + "): left out"));
    EXPECT_EQ(made.text.find("TXT"), std::string::npos);
  }
  EXPECT_EQ(records(R"({"namespace":"p","name":")" + std::string(64, 'a') + R"(","value":"3"})"), "");
  EXPECT_EQ(records(R"({"namespace":"p","name":")" + std::string(63, 'a') + R"(","value":"3"})"), std::string(63, 'a') + " IN TXT \"3\"\n");
}

TEST(Zone, a_scheme_that_is_no_label_has_no_service_record) {
  for (const std::string& scheme : {std::string("a+b"), std::string("a.b"), std::string(63, 'a')}) {
    const Exported made = exported("zone", R"({"namespace":"p","name":"x","endpoints":[")" + scheme + R"(://10.0.0.1:1"]})", {}, serial(1));
    EXPECT_EQ(made.text.find("SRV"), std::string::npos) << made.text;
    EXPECT_THAT(made.losses, ElementsAre(HasSubstr("with a scheme that is no label (p/x): no SRV record has it")));
  }
  EXPECT_THAT(records(R"({"namespace":"p","name":"x","endpoints":[")" + std::string(62, 'a') + R"(://10.0.0.1:1"]})"),
              HasSubstr("_" + std::string(62, 'a') + "._tcp.x IN SRV 0 1 1 "));
}

TEST(Zone, refuses_names_that_become_one) {
  EXPECT_THAT(export_error("zone", R"({"namespace":"p","name":"a/b","value":"3"}
{"namespace":"p","name":"b.A","value":"3"}
)",
                           serial(1)),
              HasSubstr("\"p/a/b\" and \"p/b.A\" are both \"b.a\""));
  // The name that an address gets below its service's.
  EXPECT_THAT(export_error("zone", R"({"namespace":"p","name":"a","endpoints":["http://10.0.0.1"]}
{"namespace":"p","name":"a/10-0-0-1","value":"3"}
)",
                           serial(1)),
              HasSubstr("\"p/a\" and \"p/a/10-0-0-1\" are both \"10-0-0-1.a\""));
}

TEST(Zone, wants_a_serial_and_a_name_server) {
  EXPECT_THAT(export_error("zone", R"({"namespace":"p"})"), HasSubstr("give --serial"));
  ExportSettings settings = serial(1);
  settings.name_server = "a b";
  EXPECT_THAT(export_error("zone", R"({"namespace":"p"})", settings), HasSubstr("--name-server"));
}

TEST(Zone, its_serial_stays_while_nothing_else_is_different) {
  const Compiled one = compiled(R"({"namespace":"p","name":"x","value":"@ IN SOA a b 3"})");
  const Compiled two = compiled(R"({"namespace":"p","name":"x","value":"4"})");
  const ExportFormat* const zone = &find_export_format("zone");
  const std::string first = make_export({zone, {}, serial(7)}, one.snapshot, std::nullopt).text;
  EXPECT_EQ(serial_of_zone(first), 7U);
  EXPECT_EQ(make_export({zone, {}, serial(8)}, one.snapshot, first).text, first);
  EXPECT_EQ(serial_of_zone(make_export({zone, {}, serial(8)}, two.snapshot, first).text), 8U);
}

TEST(Zone, its_serial_grows_with_each_change_whatever_is_wanted) {
  const Compiled one = compiled(R"({"namespace":"p","name":"x","value":"3"})");
  const Compiled two = compiled(R"({"namespace":"p","name":"x","value":"4"})");
  const ExportFormat* const zone = &find_export_format("zone");
  const auto serial_after = [&](std::uint32_t old, std::uint32_t wanted) {
    const std::string before = make_export({zone, {}, serial(old)}, one.snapshot, std::nullopt).text;
    return serial_of_zone(make_export({zone, {}, serial(wanted)}, two.snapshot, before).text);
  };
  EXPECT_EQ(serial_after(3, 4), 4U);
  EXPECT_EQ(serial_after(3, 1), 4U);
  EXPECT_EQ(serial_after(3, 3), 4U);
  EXPECT_EQ(serial_after(4294967295, 4294967295), 0U);
  EXPECT_EQ(serial_after(4294967295, 5), 5U);          // later, across the end
  EXPECT_EQ(serial_after(5, 2147483652), 2147483652);  // the farthest that is later
  EXPECT_EQ(serial_after(5, 2147483653), 6U);          // neither is the later one
}

TEST(Zone, reads_no_serial_where_there_is_none) {
  for (const std::string text :
       {"", "@ IN SOA ", "@ IN SOA a", "@ IN SOA a b ", "@ IN SOA a b c", "@ IN SOA a b 4294967296", "@ IN SOA a\nb 3"}) {
    EXPECT_EQ(serial_of_zone(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace almanac::inspect
