#include "model/quoted.h"

#include <gtest/gtest.h>

#include <string>

namespace almanac::model {
namespace {

TEST(Quoted, WritesOutWhatATerminalWouldObey) {
  EXPECT_EQ(model::quoted("users"), "\"users\"");
  EXPECT_EQ(model::quoted(""), "\"\"");
  EXPECT_EQ(model::quoted("a\nb\x1b[2J"), "\"a\\nb\\x1b[2J\"");
  EXPECT_EQ(model::quoted("\xe2\x80\xae"
                          "abc"),
            "\"\\u202eabc\"");
  EXPECT_EQ(model::quoted("\xff"), "\"\\xff\"");
  EXPECT_EQ(model::quoted("größe"), "\"größe\"");
}

TEST(Quoted, CutsBetweenCharacters) {
  EXPECT_EQ(model::quoted(std::string(100, 'a')), '"' + std::string(100, 'a') + '"');
  EXPECT_EQ(model::quoted(std::string(101, 'a')), '"' + std::string(100, 'a') + "...\"");
  EXPECT_EQ(model::quoted("aaö", 3), "\"aa...\"");
  EXPECT_EQ(model::quoted("🚀🚀", 6), "\"🚀...\"");
  EXPECT_EQ(model::quoted(std::string(10, '\x80'), 4), "\"\\x80...\"");
}

}  // namespace
}  // namespace almanac::model
