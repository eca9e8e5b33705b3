// The index of a namespace is made while it is in use: whatever has come of it so far, the answers are the same.
#include <almanac/error.h>
#include <almanac/snapshot.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <barrier>
#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "damage/whole_use.h"
#include "property/random_seed.h"
#include "snapshot_data.h"
#include "support/child_process.h"
#include "support/crafted_frame.h"
#include "support/crafted_snapshot.h"
#include "support/registry_builder.h"

namespace almanac::internal {
namespace {

using support::CraftedFrame;
using support::endpoint;
using support::service;
using namespace std::string_literals;

// Of several rounds of filling.
constexpr std::size_t kServices = 1'000;

std::string name_of(std::size_t number) { return "service/" + std::to_string(number); }
std::string uri_of(std::size_t number) { return "http://host-" + std::to_string(number) + "/"; }

std::vector<std::byte> file_of_services() {
  std::vector<support::ServiceBuilder> services;
  for (std::size_t i = 0; i < kServices; ++i) {
    support::ServiceBuilder one = service(name_of(i)).endpoint(endpoint(uri_of(i)).zone("z" + std::to_string(i % 7)));
    if (i % 3 == 0) one.uri("https://second/" + std::to_string(i));
    if (i % 5 == 0) one.value(std::string(i, '\1') + "\2 not a mark here");
    if (i % 2 == 0) one.description("number " + std::to_string(i));
    services.push_back(one.tags({"t" + std::to_string(i % 11)}));
  }
  return support::snapshot_of({{"a", {service("before").uri("http://a/")}}, {"b", services}, {"c", {service("behind").uri("http://c/")}}});
}

void expect_text(const std::optional<Service>& found, std::size_t number) {
  ASSERT_TRUE(found.has_value()) << name_of(number);
  EXPECT_EQ(found->name(), name_of(number));
  EXPECT_EQ(found->uri(), uri_of(number));
  EXPECT_EQ(found->value().has_value(), number % 5 == 0);
}

void expect_columns(const Service& found, std::size_t number) {
  EXPECT_EQ(found.description(), number % 2 == 0 ? "number " + std::to_string(number) : "");
  EXPECT_TRUE(found.tags().contains("t" + std::to_string(number % 11)));
  EXPECT_EQ(found.endpoints().size(), number % 3 == 0 ? 2U : 1U);
  EXPECT_EQ(found.endpoints().begin()->zone(), "z" + std::to_string(number % 7));
}

std::vector<std::size_t> numbers_in_random_order(std::mt19937_64& random) {
  std::vector<std::size_t> numbers(kServices);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = i;
  std::ranges::shuffle(numbers, random);
  return numbers;
}

class IndexFilling : public testing::Test {
 protected:
  [[nodiscard]] const PartIndex& index() const {
    const NamespaceData& data = data_of(snapshot_).open_namespace(1);
    return data.frame().indexes[1];
  }
  [[nodiscard]] std::uint32_t text_end() const {
    const Part& part = data_of(snapshot_).open_namespace(1).frame().parts[1];
    return part.text + part.text_size;
  }

  const std::vector<std::byte> file_ = file_of_services();
  const Snapshot snapshot_ = Snapshot::from_bytes(file_, "x");
  const Namespace services_ = snapshot_.in("b");
  std::mt19937_64 random_{property::random_seed()};
};

TEST_F(IndexFilling, opening_fills_nothing) {
  const Part& part = data_of(snapshot_).frame(0).parts[1];
  EXPECT_EQ(index().slots_to, part.text);
  EXPECT_FALSE(index().has_checkpoints);
}

TEST_F(IndexFilling, names_are_found_in_whatever_order) {
  for (const std::size_t number : numbers_in_random_order(random_)) {
    expect_text(services_.find(name_of(number)), number);
    EXPECT_FALSE(services_.contains(name_of(number) + "~"));
    EXPECT_FALSE(services_.contains("a" + name_of(number)));
    EXPECT_FALSE(services_.contains(name_of(number).substr(0, 8)));
  }
  EXPECT_EQ(index().slots_to, text_end());
  EXPECT_FALSE(services_.contains("before"));
  EXPECT_FALSE(services_.contains("behind"));
}

TEST_F(IndexFilling, each_lookup_in_vain_fills_more_of_it) {
  std::size_t lookups = 0;
  for (std::uint32_t filled = index().slots_to; filled != text_end(); ++lookups) {
    // Each is behind all that is filled.
    expect_text(services_.find(name_of(999 - lookups)), 999 - lookups);
    ASSERT_GT(index().slots_to, filled);
    filled = index().slots_to;
  }
  EXPECT_GT(lookups, 2U);
  EXPECT_LT(lookups, 10U);
  EXPECT_FALSE(index().has_checkpoints);
}

TEST_F(IndexFilling, a_name_that_was_found_has_its_slot) {
  expect_text(services_.find(name_of(999)), 999);
  const std::uint32_t filled = index().slots_to;
  for (int i = 0; i < 10; ++i) expect_text(services_.find(name_of(999)), 999);
  EXPECT_EQ(index().slots_to, filled);
}

TEST_F(IndexFilling, what_is_not_there_is_not_found_at_any_time) {
  for (std::size_t i = 0; i < kServices; ++i) EXPECT_FALSE(services_.contains("missing/" + std::to_string(i)));
  EXPECT_EQ(index().slots_to, text_end());
  for (std::size_t i = 0; i < kServices; ++i) expect_text(services_.find(name_of(i)), i);
}

TEST_F(IndexFilling, many_names_at_once) {
  std::vector<std::string> texts;
  const std::vector<std::size_t> numbers = numbers_in_random_order(random_);
  for (const std::size_t number : numbers) texts.push_back(name_of(number));
  const std::vector<std::string_view> names(texts.begin(), texts.end());
  std::vector<std::optional<Service>> found(names.size());
  services_.find(names, found);
  for (std::size_t i = 0; i < numbers.size(); ++i) expect_text(found[i], numbers[i]);
}

TEST_F(IndexFilling, columns_are_there_when_they_are_asked_for) {
  const std::optional<Service> found = services_.find(name_of(270));
  ASSERT_TRUE(found.has_value());
  EXPECT_FALSE(index().has_checkpoints);
  expect_columns(*found, 270);
  EXPECT_TRUE(index().has_checkpoints);
  EXPECT_NE(index().slots_to, text_end());  // that is another matter
  for (const std::size_t number : numbers_in_random_order(random_)) expect_columns(services_.find(name_of(number)).value(), number);
}

TEST_F(IndexFilling, prefixes_need_no_lookup_before) {
  std::size_t count = 0;
  for (const Service& one : services_.under("service/29")) {
    EXPECT_TRUE(one.name().starts_with("service/29"));
    ++count;
  }
  EXPECT_EQ(count, 11U);  // and 290 to 299
}

TEST_F(IndexFilling, can_be_finished_beforehand) {
  (void)snapshot_.in("c");
  data_of(snapshot_).finish_indexes();
  EXPECT_EQ(index().slots_to, text_end());
  EXPECT_TRUE(index().has_checkpoints);
  EXPECT_TRUE(index().is_checked);
  for (std::size_t i = 0; i < kServices; ++i) {
    expect_text(services_.find(name_of(i)), i);
    expect_columns(services_.find(name_of(i)).value(), i);
  }
  // Nobody has asked for this one.
  const NamespaceData& other = data_of(snapshot_).open_namespace(0);
  EXPECT_FALSE(other.frame().indexes[0].has_checkpoints);
}

// Worth most under ThreadSanitizer.
TEST_F(IndexFilling, by_many_threads_at_once) {
  constexpr std::size_t kThreads = 4;
  std::barrier start(kThreads + 1);
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, numbers = numbers_in_random_order(random_), asks_for_columns = i % 2 == 0] {
      start.arrive_and_wait();
      for (const std::size_t number : numbers) {
        const std::optional<Service> found = services_.find(name_of(number));
        expect_text(found, number);
        if (asks_for_columns && found) expect_columns(*found, number);
        EXPECT_FALSE(services_.contains("missing/" + std::to_string(number)));
      }
    });
  }
  start.arrive_and_wait();
  finish_index(data_of(snapshot_).frame(0), "x", 0);
  threads.clear();
  EXPECT_EQ(index().slots_to, text_end());
}

struct Expected {
  std::string name;
  std::string uri;
  std::string tag;
};

// Allocates nothing: a lock of the allocator may be held by a thread that a forked process does not have.
std::size_t count_found(const Namespace& services, const std::vector<Expected>& all) {
  return static_cast<std::size_t>(std::ranges::count_if(all, [&services](const Expected& one) {
    const std::optional<Service> found = services.find(one.name);
    return found && found->uri() == one.uri && found->tags().contains(one.tag);
  }));
}

TEST_F(IndexFilling, goes_on_in_a_process_that_is_forked_meanwhile) {
  std::vector<Expected> all;
  for (std::size_t i = 0; i < kServices; ++i) all.push_back({name_of(i), uri_of(i), "t" + std::to_string(i % 11)});
  for (int round = 0; round < 20; ++round) {
    const Snapshot snapshot = Snapshot::from_bytes(file_, "x");
    const Namespace services = snapshot.in("b");
    const std::jthread other([&services, numbers = numbers_in_random_order(random_)] {
      for (const std::size_t number : numbers) (void)services.find(name_of(number))->tags();
    });
    EXPECT_EQ(support::in_child_process([&] { return count_found(services, all) == kServices ? 0 : 1; }), 0);
  }
}

// The search looks at bytes in the middle of anything.
TEST(IndexSearch, finds_each_name_among_all_kinds_of_rows) {
  std::vector<support::ServiceBuilder> services;
  std::vector<std::string> names;
  for (std::size_t size = 1; size <= 40; ++size) names.push_back(std::string(size, 'n'));
  for (const std::size_t size : {63U, 64U, 65U, 128U, 129U, 1024U}) names.push_back(std::string(size, 'o'));
  names.push_back("\xC3\xA4");
  std::ranges::sort(names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    support::ServiceBuilder one = service(names[i]);
    if (i % 4 != 1) one.uri("u:" + std::string(i * 31 % 500, 'x'));
    if (i % 4 == 1) one.value(i % 8 == 1 ? std::string(65'536, '\1') : "");
    services.push_back(one);
  }
  const std::vector<std::byte> file = support::snapshot_of({{"a", services}});
  for (const std::string& name : names) {
    // Not one of its slots is filled.
    const Snapshot snapshot = Snapshot::from_bytes(file, "x");
    ASSERT_TRUE(snapshot.in("a").contains(name)) << name;
    ASSERT_EQ(snapshot.in("a").find(name)->name(), name);
    ASSERT_FALSE(Snapshot::from_bytes(file, "x").in("a").contains(name + "!"));
  }
  EXPECT_FALSE(Snapshot::from_bytes(file, "x").in("a").contains(""));
}

TEST(IndexSearch, has_nothing_to_look_through_in_an_empty_namespace) {
  const std::vector<std::byte> file = support::snapshot_of({{"a", {}}, {"b", {service("s").uri("u:")}}});
  const Snapshot snapshot = Snapshot::from_bytes(file, "x");
  EXPECT_FALSE(snapshot.in("a").contains("s"));
  EXPECT_TRUE(snapshot.in("b").contains("s"));
}

// What verify() refuses, and opening does not.
CraftedFrame frame_of(const std::vector<std::string>& rows) {
  const model::Registry one = support::registry({{"a", support::numbered_services(1)}});
  CraftedFrame frame = CraftedFrame::of(one.namespaces);
  frame.set_rows(rows);
  return frame;
}

TEST(IndexOfWrongRows, leaves_out_what_no_service_can_be) {
  const std::vector<std::byte> file = support::snapshot_around(frame_of({"a\1u:", "b\1" + std::string(8193, 'u'), "c\1", "d\1u:"}));
  const Snapshot snapshot = Snapshot::from_bytes(file, "x");
  for (int round = 0; round < 2; ++round) {
    EXPECT_TRUE(snapshot.in("a").contains("a"));
    EXPECT_FALSE(snapshot.in("a").contains("b"));
    EXPECT_FALSE(snapshot.in("a").contains("c"));
    EXPECT_TRUE(snapshot.in("a").contains("d"));
  }
}

// Each of the threads sees slots that the other has filled.
TEST(IndexOfWrongRows, are_found_by_each_of_two_threads_at_once) {
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < kServices; ++i) rows.push_back("name/" + std::to_string(10'000 + i) + "\1u:");
  CraftedFrame frame = frame_of(rows);
  frame.text.replace(frame.text.find("name/10900"), 10, "name/10100");  // two names have one slot
  const std::vector<std::byte> file = support::snapshot_around(frame);
  for (int round = 0; round < 50; ++round) {
    const Snapshot snapshot = Snapshot::from_bytes(file, "x");
    const Frame& opened = data_of(snapshot).frame(0);
    std::barrier start(2);
    const auto is_refused = [&] {
      start.arrive_and_wait();
      try {
        finish_index(opened, "x", 0);
      } catch (const Error&) {
        return true;
      }
      return false;
    };
    bool is_refused_there = false;
    std::jthread other([&] { is_refused_there = is_refused(); });
    EXPECT_TRUE(is_refused());
    other.join();
    EXPECT_TRUE(is_refused_there);
    EXPECT_FALSE(opened.indexes[0].is_checked);
  }
}

TEST(IndexOfWrongRows, ends_where_there_are_fewer_descriptions_than_rows) {
  CraftedFrame frame = frame_of({"a\1u:", "b\1u:", "c\1u:" + std::string(300, 'x'), "d\1u:"});
  frame.descriptions = "as\0long\0"s;
  frame.parts[0].description_size = static_cast<std::uint32_t>(frame.descriptions.size());
  const std::vector<std::byte> file = support::snapshot_around(frame);
  const Snapshot snapshot = Snapshot::from_bytes(file, "x");
  EXPECT_EQ(snapshot.in("a").find("a")->description(), "as");
  EXPECT_EQ(snapshot.in("a").find("d")->description(), "");
  EXPECT_EQ(snapshot.in("a").find("d")->uri(), "u:");
}

// All kinds of them, so many that some have slots while others are looked for.
TEST(IndexOfWrongRows, do_no_harm_however_far_it_has_come) {
  constexpr std::size_t kRows = 2'000;
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < kRows; ++i) {
    const std::string name = "name/" + std::to_string(10'000 + i);
    switch (i % 100) {
      case 17: rows.push_back(name + "\1"); break;
      case 34: rows.push_back(name + "\1" + std::string(9'000, 'u')); break;
      case 51: rows.push_back(name + std::string(1'100, 'n') + "\1u:"); break;
      case 68: rows.push_back(name); break;
      default: rows.push_back(name + "\1u:" + std::to_string(i) + "\2" + std::string(i % 7, '\1')); break;
    }
  }
  rows[500] += std::string(200'000, 'v');
  CraftedFrame frame = frame_of(rows);
  // Out of order, and twice: two names have one slot.
  const auto rename = [&frame](const std::string& from, const std::string& to) {
    frame.text.replace(frame.text.find(from), from.size(), to);
  };
  rename("name/10900", "name/00900");
  rename("name/11200", "name/10300");
  frame.parts[0].rows -= 3;  // there are more rows than it says
  frame.parts[0].endpoints = 0;
  const std::vector<std::byte> file = support::snapshot_around(frame);
  EXPECT_ANY_THROW(Snapshot::from_bytes(file, "x").verify());
  EXPECT_ANY_THROW((void)open_checked(Snapshot::from_bytes(file, "x"), "a"));
  const Snapshot snapshot = Snapshot::from_bytes(file, "x");
  const Namespace services = snapshot.in("a");
  const Part& part = data_of(snapshot).frame(0).parts[0];
  const PartIndex& index = data_of(snapshot).frame(0).indexes[0];
  std::mt19937_64 random(property::random_seed());
  std::size_t rounds = 0;
  for (std::uint32_t before = index.slots_to; index.slots_to != part.text + part.text_size; ++rounds) {
    const std::string name = "name/" + std::to_string(10'000 + random() % kRows);
    if (const auto found = services.find(name)) {
      EXPECT_TRUE(found->name() == name && found->tags().empty());
    }
    ASSERT_GE(index.slots_to, before);
    before = index.slots_to;
    ASSERT_LT(rounds, 100 * kRows);
  }
  EXPECT_GT(rounds, 3U);
  (void)damage::use(services);
}

}  // namespace
}  // namespace almanac::internal
