// csv and tsv.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "inspect_exported.h"

namespace almanac::inspect {
namespace {

using testing::ElementsAre;

const std::string kLines =
    R"({"namespace":"p","name":"a,b","description":"one\ntwo","tags":["t"],"attributes":{"k":"v\"w"},"endpoints":[{"uri":"http://a","weight":0,"version":"1.0.0","zone":"z","tags":["u"],"attributes":{"l":"m"}},"http://b"]}
{"namespace":"p","name":"c\\d","value":" x\t"}
{"namespace":"p","name":"e","value":""})";

TEST(Delimited, has_a_row_for_each_endpoint_in_csv) {
  const Exported all = exported("csv", kLines);
  EXPECT_EQ(all.text,
            "namespace,name,description,value,tags,attributes,uri,version,weight,zone,endpoint_tags,endpoint_attributes\r\n"
            "p,\"a,b\",\"one\ntwo\",,\"[\"\"t\"\"]\",\"{\"\"k\"\":\"\"v\\\"\"w\"\"}\",http://"
            "a,1.0.0,0,z,\"[\"\"u\"\"]\",\"{\"\"l\"\":\"\"m\"\"}\"\r\n"
            "p,\"a,b\",\"one\ntwo\",,\"[\"\"t\"\"]\",\"{\"\"k\"\":\"\"v\\\"\"w\"\"}\",http://b,,1,,,\r\n"
            "p,c\\d,,\" x\t\",,,,,,,,\r\n"
            "p,e,,,,,,,,,,\r\n");
  EXPECT_THAT(all.losses, ElementsAre("csv: 1 service with an empty value (p/e): it looks like none"));
}

TEST(Delimited, has_neither_tab_nor_line_break_within_a_cell_in_tsv) {
  const Exported all = exported("tsv", kLines);
  EXPECT_EQ(all.text,
            "namespace\tname\tdescription\tvalue\ttags\tattributes\turi\tversion\tweight\tzone\tendpoint_tags\tendpoint_attributes\n"
            "p\ta,b\tone\\ntwo\t\t[\"t\"]\t{\"k\":\"v\\\\\"w\"}\thttp://a\t1.0.0\t0\tz\t[\"u\"]\t{\"l\":\"m\"}\n"
            "p\ta,b\tone\\ntwo\t\t[\"t\"]\t{\"k\":\"v\\\\\"w\"}\thttp://b\t\t1\t\t\t\n"
            "p\tc\\\\d\t\t x\\t\t\t\t\t\t\t\t\t\n"
            "p\te\t\t\t\t\t\t\t\t\t\t\n");
}

}  // namespace
}  // namespace almanac::inspect
