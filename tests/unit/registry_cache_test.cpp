// Whatever becomes of the cache directory, a registry is served.
#include <almanac/registry.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <functional>
#include <string>
#include <vector>

#include "support/child_process.h"
#include "support/clean_environment.h"
#include "support/file_bytes.h"
#include "support/full_disk.h"
#include "support/late_work.h"
#include "support/other_user.h"
#include "support/scripted_store.h"
#include "support/temporary_directory.h"

namespace almanac {
namespace {

using namespace std::chrono_literals;

class RegistryCacheTest : public testing::Test {
 protected:
  RegistryCacheTest() { publish(1); }

  void publish(std::uint64_t generation) const {
    store_->publish_head(generation, support::snapshot_of_two_frames("http://" + std::to_string(generation)));
  }
  [[nodiscard]] std::filesystem::path cache() const { return folder_ / "cache"; }
  [[nodiscard]] Registry open() const {
    RegistryOptions options;
    options.namespace_name = "prod";
    options.cache_directory = cache();
    options.max_age = 0ms;
    return Registry::open(store_, options);
  }
  static bool serves(Registry& registry, std::uint64_t generation) {
    const View view = registry.view();
    const auto found = view.find("users");
    const bool served = view.generation() == generation && found && found->uri() == "http://" + std::to_string(generation) &&
                        view.in("other").find("others")->uri() == "http://others";
    support::await_late_work(view);
    return served;
  }
  // Also when it starts without its store: then everything comes from the cache directory.
  [[nodiscard]] bool serves_without_store(std::uint64_t generation) const {
    store_->fail_with(ErrorCode::kTimedOut);
    bool served = false;
    try {
      Registry registry = open();
      served = serves(registry, generation) && registry.status().origin == Origin::kCache;
    } catch (const Error&) {
      served = false;
    }
    store_->heal();
    return served;
  }

  void change_every_file(const std::function<void(const std::filesystem::path&)>& change) const {
    int changed = 0;
    for (const std::string& name : support::names_in(cache())) {
      change(cache() / name);
      ++changed;
    }
    EXPECT_EQ(changed, 3);  // two frames and the copy
  }

  support::CleanEnvironment environment_;
  support::TemporaryDirectory folder_;
  std::shared_ptr<support::ScriptedStore> store_ = std::make_shared<support::ScriptedStore>();
};

TEST_F(RegistryCacheTest, a_start_without_its_store_is_served_from_there) {
  EXPECT_FALSE(serves_without_store(1));
  Registry registry = open();
  EXPECT_TRUE(serves(registry, 1));
  EXPECT_TRUE(serves_without_store(1));
}

TEST_F(RegistryCacheTest, garbage_in_every_file_of_it) {
  Registry before = open();
  ASSERT_TRUE(serves(before, 1));
  change_every_file([](const std::filesystem::path& file) {
    const std::vector<std::byte> garbage(static_cast<std::size_t>(std::filesystem::file_size(file)), std::byte{0x5A});
    std::filesystem::remove(file);
    support::write_bytes(file, garbage);
    ASSERT_EQ(::chmod(file.c_str(), 0400), 0);
  });
  EXPECT_TRUE(serves(before, 1));
  EXPECT_FALSE(serves_without_store(1));
  Registry registry = open();
  EXPECT_TRUE(serves(registry, 1));
  EXPECT_TRUE(serves_without_store(1));  // what was garbage is mended
}

TEST_F(RegistryCacheTest, every_file_of_it_cut_short) {
  Registry before = open();
  ASSERT_TRUE(serves(before, 1));
  change_every_file([](const std::filesystem::path& file) {
    std::vector<std::byte> bytes = support::read_bytes(file);
    bytes.resize(bytes.size() / 2);
    std::filesystem::remove(file);
    support::write_bytes(file, bytes);
    ASSERT_EQ(::chmod(file.c_str(), 0400), 0);
  });
  EXPECT_FALSE(serves_without_store(1));
  Registry registry = open();
  EXPECT_TRUE(serves(registry, 1));
  EXPECT_TRUE(serves_without_store(1));
}

TEST_F(RegistryCacheTest, deleted_under_the_reader) {
  Registry registry = open();
  ASSERT_TRUE(serves(registry, 1));
  const View held = registry.view();
  std::filesystem::remove_all(cache());
  EXPECT_TRUE(serves(registry, 1));
  publish(2);
  EXPECT_TRUE(serves(registry, 2));
  EXPECT_EQ(held.find("users").value().uri(), "http://1");
  EXPECT_EQ(registry.status().failures, 0U);
  EXPECT_TRUE(serves_without_store(2));
}

TEST_F(RegistryCacheTest, deleted_between_opening_and_another_namespace) {
  Registry registry = open();
  support::await_late_work(registry.view());
  std::filesystem::remove_all(cache());
  EXPECT_TRUE(serves(registry, 1));
}

TEST_F(RegistryCacheTest, that_it_cannot_be_used_is_a_warning) {
  EXPECT_THAT(open().status().warnings, testing::IsEmpty());
  std::filesystem::remove_all(cache());
  support::write_bytes(cache(), {});
  Registry registry = open();
  EXPECT_TRUE(serves(registry, 1));
  EXPECT_THAT(registry.status().warnings,
              testing::ElementsAre(cache().string() + ": is not used: it must be a folder of this user's own with mode 0700"));
  publish(2);
  EXPECT_TRUE(serves(registry, 2));
  EXPECT_EQ(registry.status().warnings.size(), 1U);  // they are not lost with the generation
}

TEST_F(RegistryCacheTest, that_there_can_be_none_is_a_warning) {
  const support::EnvironmentVariable folder("TMPDIR", "/dev/null");
  RegistryOptions options;
  options.namespace_name = "prod";
  EXPECT_THAT(Registry::open(store_, options).status().warnings,
              testing::ElementsAre(testing::StartsWith("the cache directory: there is none")));
}

TEST_F(RegistryCacheTest, a_bundled_file_that_is_missing_is_a_warning) {
  RegistryOptions options;
  options.namespace_name = "prod";
  options.cache_directory = cache();
  options.bundled = folder_ / "none";
  EXPECT_THAT(Registry::open(store_, options).status().warnings,
              testing::ElementsAre(options.bundled.string() + ": the bundled file cannot be opened: No such file or directory"));
  support::write_bytes(options.bundled, {});
  EXPECT_THAT(Registry::open(store_, options).status().warnings, testing::IsEmpty());
}

// A process that lives long would fill the disk.
TEST_F(RegistryCacheTest, what_nobody_uses_is_removed_as_generations_come) {
  Registry registry = open();
  ASSERT_TRUE(serves(registry, 1));
  const View held = registry.view();
  change_every_file([](const std::filesystem::path& file) {
    constexpr timespec kOld[2] = {{1000, 0}, {0, UTIME_OMIT}};
    ASSERT_EQ(::utimensat(AT_FDCWD, file.c_str(), kOld, 0), 0);
  });
  publish(2);
  EXPECT_TRUE(serves(registry, 2));
  EXPECT_EQ(support::names_in(cache()).size(), 4U);  // the frame of the old "prod" is gone; the copy before the newest is there
  EXPECT_EQ(held.find("users").value().uri(), "http://1");
  EXPECT_TRUE(serves_without_store(2));
}

TEST_F(RegistryCacheTest, of_another_user) {
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0777), 0);
  ASSERT_EQ(support::as_other_user([&] { return ::mkdir(cache().c_str(), 0700); }), 0);
  Registry registry = open();
  EXPECT_TRUE(serves(registry, 1));
  publish(2);
  EXPECT_TRUE(serves(registry, 2));
  struct stat status {};
  ASSERT_EQ(::stat(cache().c_str(), &status), 0);
  // Who is not root has no other user to be, and may use it.
  EXPECT_EQ(serves_without_store(2), status.st_uid == ::geteuid());
}

TEST_F(RegistryCacheTest, where_nothing_may_be_written) {
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0755), 0);
  const int status = support::as_other_user([&] {
    Registry registry = open();
    if (!serves(registry, 1)) return 1;
    publish(2);
    return serves(registry, 2) && registry.status().failures == 0 ? 0 : 2;
  });
  EXPECT_EQ(status, 0);
}

TEST_F(RegistryCacheTest, on_a_full_disk) {
  constexpr std::uint64_t kPage = 4096;
  ASSERT_EQ(::mkdir(cache().c_str(), 0700), 0);
  const int status = support::on_small_disk(folder_.path(), kPage, [&] {
    Registry registry = open();
    if (!serves(registry, 1)) return 1;
    publish(2);
    return serves(registry, 2) && registry.status().failures == 0 ? 0 : 2;
  });
  EXPECT_EQ(status, 0);
}

TEST_F(RegistryCacheTest, of_several_processes_at_once) {
  constexpr int kProcesses = 4;
  for (int round = 0; round < 5; ++round) {
    std::filesystem::remove_all(cache());
    const auto statuses = support::in_child_processes(kProcesses, [&] {
      Registry registry = open();
      if (!serves(registry, 1)) return 1;
      if (!serves_without_store(1) && !serves_without_store(2)) return 2;  // another process may be ahead
      publish(2);
      return serves(registry, 2) && serves_without_store(2) ? 0 : 3;
    });
    EXPECT_EQ(statuses, std::vector<int>(kProcesses, 0));
    EXPECT_EQ(support::names_in(cache()).size(), 5U);  // a frame of each "prod", that of "other", the copy and the one before
  }
}

}  // namespace
}  // namespace almanac
