#include <almanac/store.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "bytes.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
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
    EXPECT_EQ(store->name(), address);
    EXPECT_EQ(internal::as_text(store->get("key").bytes), "content");
  }
}

TEST(OpenStore, refuses_addresses_that_it_does_not_know) {
  for (const std::string address :
       {"ftp://host/x", "s4://bucket", "file://host/x", "file://", "FILE:///tmp", "git+ssh://host/x", "my.store-2://x"}) {
    EXPECT_THAT(error_from([&] { (void)open_store(address); }),
                IsError(ErrorCode::kInvalidArgument, address, kNowhere, "is no address of a store"));
  }
  EXPECT_THAT(error_from([] { (void)open_store(""); }), IsError(ErrorCode::kInvalidArgument, "store", kNowhere, "empty address"));
}

}  // namespace
}  // namespace almanac
