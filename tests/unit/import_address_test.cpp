#include "import/address.h"

#include <gtest/gtest.h>

#include <string>

#include "imported_text.h"

namespace almanac::importing {
namespace {

// The uri of an instance of Consul, or what is wrong with it.
std::string uri(const std::string& address, const std::string& port, const std::string& scheme = "") {
  ImportOptions options;
  options.format = "consul";
  options.scheme = scheme;
  const ImportedText told =
      import_texts({R"([{"Node":"n","ServiceName":"a","Address":)" + address + R"(,"ServicePort":)" + port + "}]"}, options);
  const std::string start = R"({"namespace":"prod","name":"a","endpoints":[{"uri":")";
  if (!told.records.starts_with(start)) return told.problems;
  return told.records.substr(start.size(), told.records.size() - start.size() - std::string("\"}]}\n").size());
}

TEST(ImportAddress, MakesUris) {
  EXPECT_EQ(uri(R"("10.0.0.1")", "80"), "tcp://10.0.0.1:80");
  EXPECT_EQ(uri(R"("10.0.0.1")", R"("80")"), "tcp://10.0.0.1:80");
  EXPECT_EQ(uri(R"("10.0.0.1")", "0"), "tcp://10.0.0.1");
  EXPECT_EQ(uri(R"("10.0.0.1")", "null"), "tcp://10.0.0.1");
  EXPECT_EQ(uri(R"("db-1.example_x.com")", "65535", "http"), "http://db-1.example_x.com:65535");
  EXPECT_EQ(uri(R"("2001:db8::1")", "80"), "tcp://[2001:db8::1]:80");
  EXPECT_EQ(uri(R"("[2001:db8::1]")", "80"), "tcp://[2001:db8::1]:80");
  EXPECT_EQ(uri(R"("::ffff:10.0.0.1")", "0"), "tcp://[::ffff:10.0.0.1]");
}

TEST(ImportAddress, RefusesWhatIsNone) {
  for (const char* address :
       {R"("a/b")", R"("a@b")", R"("a b")", R"("a?b")", R"("a#b")", R"("a:80")", R"("[a]")", R"("::1%eth0")", R"("größe")", R"("a\nb")"}) {
    EXPECT_EQ(uri(address, "80").substr(0, 5), "a:1:4") << address;
    EXPECT_NE(uri(address, "80").find("an address must be"), std::string::npos) << address;
  }
  for (const char* port : {"65536", "-1", "1.5", "1e3", R"("http")", R"("08")", "true"}) {
    EXPECT_NE(uri(R"("a")", port).find("a port must be 1 to 65535"), std::string::npos) << port;
  }
}

}  // namespace
}  // namespace almanac::importing
