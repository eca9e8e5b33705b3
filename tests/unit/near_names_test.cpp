#include "inspect/near_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace almanac::inspect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(NearNames, FindsTypingErrors) {
  const std::vector<std::string_view> fields = {"uri", "version", "weight", "zone", "tags", "attributes"};
  EXPECT_THAT(nearest("url", fields, 1), ElementsAre("uri"));
  EXPECT_THAT(nearest("wieght", fields, 1), ElementsAre("weight")) << "neighbours exchanged are one error";
  EXPECT_THAT(nearest("tag", fields, 1), ElementsAre("tags"));
  EXPECT_THAT(nearest("versoin", fields, 1), ElementsAre("version"));
  EXPECT_THAT(nearest("atributs", fields, 1), ElementsAre("attributes"));
  EXPECT_THAT(nearest("port", fields, 1), IsEmpty());
  EXPECT_THAT(nearest("", fields, 1), IsEmpty());
}

TEST(NearNames, OrdersByDistanceThenBytes) {
  const std::vector<std::string_view> names = {"user-b", "users", "user-a", "user", "orders"};
  EXPECT_THAT(nearest("userz", names, 5), ElementsAre("user", "users"));
  EXPECT_THAT(nearest("user-c", names, 5), ElementsAre("user-a", "user-b", "user", "users"));
  EXPECT_THAT(nearest("user-c", names, 1), ElementsAre("user-a"));
  EXPECT_THAT(nearest("user-c", names, 0), IsEmpty());
}

TEST(NearNames, DoesNotOfferWhatSharesNothing) {
  const std::vector<std::string_view> names = {"a", "b", ""};
  EXPECT_THAT(nearest("x", names, 3), IsEmpty());
}

// The whole table, without the shortcuts.
std::size_t plain_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

TEST(NearNames, AgreesWithTheWholeTable) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto text = [&random](std::size_t most) {
    std::string made(random() % (most + 1), 'a');
    for (char& c : made) c = static_cast<char>('a' + random() % 3);
    return made;
  };
  int near = 0;
  for (int round = 0; round < 20000; ++round) {
    const std::string wanted = text(30);
    std::string other = random() % 2 == 0 ? text(30) : wanted;
    for (unsigned errors = random() % 8; errors > 0 && !other.empty(); --errors) other[random() % other.size()] = 'b';
    const std::size_t limit = std::clamp<std::size_t>(wanted.size() / 3, 1, 8);
    const std::size_t distance = plain_distance(wanted, other);
    const bool expected = distance <= limit && distance < std::max(wanted.size(), other.size());
    const std::vector<std::string_view> candidates = {other};
    ASSERT_EQ(!nearest(wanted, candidates, 1).empty(), expected) << wanted << ' ' << other;
    near += expected ? 1 : 0;
  }
  EXPECT_GT(near, 1000);
}

TEST(NearNames, LongHostileNamesCostLittle) {
  const std::string wanted(1'000'000, 'x');
  const std::string other(1'000'000, 'y');
  const std::vector<std::string_view> candidates(20, other);
  EXPECT_THAT(nearest(wanted, candidates, 3), IsEmpty());
}

TEST(NearNames, as_many_errors_are_allowed_as_asked_for) {
  const std::vector<std::string_view> candidates = {"version", "service_account"};
  EXPECT_THAT(nearest("session", candidates, 1), ElementsAre("version"));
  EXPECT_THAT(nearest("session", candidates, 1, 1), IsEmpty());
  EXPECT_THAT(nearest("vresion", candidates, 1, 1), ElementsAre("version"));
}

}  // namespace
}  // namespace almanac::inspect
