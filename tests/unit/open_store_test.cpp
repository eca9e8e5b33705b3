#include <almanac/store.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>

#include "bytes.h"
#include "support/environment_variable.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/http_server.h"
#include "support/temporary_directory.h"

namespace almanac {
namespace {

using support::error_from;
using support::IsError;
using support::kNowhere;

TEST(OpenStore, takes_a_folder_by_path_and_by_address) {
  const support::TemporaryDirectory folder;
  support::write_bytes(folder / "key", internal::as_bytes("content"));
  for (const std::string& address : {folder.path().string(), folder.path().string() + "/", "file://" + folder.path().string()}) {
    const auto store = open_store(address);
    EXPECT_EQ(store->name(), address.ends_with('/') ? folder.path().string() : address);
    EXPECT_EQ(store->identity(), folder.path().string());
    EXPECT_EQ(internal::as_text(store->get("key").bytes), "content");
  }
  EXPECT_EQ(open_store("/")->name(), "/");
  EXPECT_EQ(open_store("/")->identity(), "/");
  EXPECT_EQ(open_store("file:///")->name(), "file:///");
}

TEST(OpenStore, an_address_of_a_folder_is_percent_encoded) {
  const support::TemporaryDirectory folder;
  std::filesystem::create_directory(folder / "a b%");
  support::write_bytes(folder / "a b%" / "key", internal::as_bytes("content"));
  const std::string address = "file://" + folder.path().string() + "/a%20b%25";
  const auto store = open_store(address);
  EXPECT_EQ(store->name(), address);
  EXPECT_EQ(internal::as_text(store->get("key").bytes), "content");
  // A path is taken as it is.
  EXPECT_EQ(internal::as_text(open_store(folder.path().string() + "/a b%")->get("key").bytes), "content");
}

TEST(OpenStore, takes_addresses_of_the_network_without_asking_there) {
  const support::EnvironmentVariable region("AWS_REGION", "eu-west-1");
  for (const std::string address :
       {"https://host.invalid/registry", "http://host.invalid:8080", "s3://acme-registry/live", "s3://acme-registry"}) {
    const auto store = open_store(address);
    EXPECT_EQ(store->name(), address);
    EXPECT_EQ(store->traffic().requests, 0U);
  }
}

TEST(OpenStore, the_longest_times_are_long) {
  constexpr auto kMax = std::chrono::milliseconds::max();
  support::HttpServer server({support::Reply{.bytes = support::response(200, "content"), .wait = std::chrono::milliseconds(50)}});
  StoreOptions options;
  options.connect_timeout = options.first_byte_timeout = options.total_timeout = kMax;
  EXPECT_EQ(internal::as_text(open_store(server.url(), options)->get("key").bytes), "content");
  const support::TemporaryDirectory folder;
  EXPECT_TRUE(open_store(folder.path().string(), options)->put("key", internal::as_bytes("content"), {}));
}

TEST(OpenStore, refuses_options_that_cannot_be) {
  using std::chrono::milliseconds;
  const std::pair<const char*, std::function<void(StoreOptions&)>> mistakes[] = {
      {"connect_timeout", [](StoreOptions& options) { options.connect_timeout = milliseconds(0); }},
      {"first_byte_timeout", [](StoreOptions& options) { options.first_byte_timeout = milliseconds(-1); }},
      {"total_timeout", [](StoreOptions& options) { options.total_timeout = milliseconds(0); }},
      {"max_attempts", [](StoreOptions& options) { options.max_attempts = 0; }}};
  for (const auto& [name, make] : mistakes) {
    StoreOptions options;
    make(options);
    EXPECT_THAT(error_from([&] { (void)open_store("https://host.invalid/", options); }),
                IsError(ErrorCode::kInvalidArgument, name, kNowhere, "must be"));
  }
}

TEST(OpenStore, refuses_addresses_that_it_does_not_know) {
  for (const std::string address : {"ftp://host/x", "s4://bucket", "file://host/x", "file://", "FILE:///tmp", "git+ssh://host/x",
                                    "my.store-2://x", "file:///a%2", "file:///a%zz", "file:///a%00b", "https://", "s3://"}) {
    EXPECT_THAT(error_from([&] { (void)open_store(address); }), IsError(ErrorCode::kInvalidArgument, address, kNowhere, ""));
  }
  for (const std::string address : {"ftp://bob:hunter2@host/x", "HTTPS://bob:hunter2@host/x", "https://bob:hunter2@host/x",
                                    "https://host/x?X-Amz-Signature=hunter2", "s3://bob:hunter2@bucket/x"}) {
    const Error error = error_from([&] { (void)open_store(address); });
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("hunter2")));
  }
  EXPECT_THAT(error_from([] { (void)open_store(""); }), IsError(ErrorCode::kInvalidArgument, "store", kNowhere, "empty address"));
}

}  // namespace
}  // namespace almanac
