#include "import/base64.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

namespace almanac::importing {
namespace {

// RFC 4648, section 10, and bytes of all values.
TEST(Base64, Decodes) {
  for (const auto& [text, bytes] : {std::pair<std::string_view, std::string_view>{"", ""},
                                    {"Zg==", "f"},
                                    {"Zm8=", "fo"},
                                    {"Zm9v", "foo"},
                                    {"Zm9vYg==", "foob"},
                                    {"Zm9vYmE=", "fooba"},
                                    {"Zm9vYmFy", "foobar"},
                                    {"AP/+/w==", {"\0\xff\xfe\xff", 4}},
                                    {"////", "\xff\xff\xff"}}) {
    EXPECT_EQ(decode_base64(text), bytes) << text;
  }
}

TEST(Base64, RefusesWhatIsNot) {
  for (const char* text :
       {"Z", "Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zg==Zg==", "Zm9=", "Zh==", "Zm9v\n", "Zm 9", "Zm-_", "Zm9v=", "=Zm9"}) {
    EXPECT_EQ(decode_base64(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace almanac::importing
