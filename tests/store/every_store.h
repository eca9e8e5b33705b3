// A fixture for what holds of every store: a directory, and an S3 bucket on a real server (see with_radosgw.py).
//
//   class CopyTest : public support::EveryStoreTest {};
//   INSTANTIATE_TEST_SUITE_P(All, CopyTest, support::kEveryStore, support::name_of_store);
#pragma once

#include <almanac/store.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "support/temporary_directory.h"
#include "test_buckets.h"

namespace almanac::support {

inline const auto kEveryStore = testing::Values("directory", "s3");

inline std::string name_of_store(const testing::TestParamInfo<const char*>& store) { return store.param; }

class EveryStoreTest : public testing::TestWithParam<const char*> {
 protected:
  // Another one each time, of the same objects.
  [[nodiscard]] std::unique_ptr<Store> open() const {
    if (GetParam() == std::string("directory")) return open_store(folder_.path().string());
    StoreOptions options;
    options.max_attempts = 10;  // radosgw 16 answers 500 to a GET that meets a PUT of the same object
    return open_store(s3_address_of_this_test(), options);
  }
  // So that tests can be repeated beside one server.
  void SetUp() override {
    for (const ObjectInfo& object : store_->list("")) store_->remove(object.key);
  }

  TemporaryDirectory folder_;
  std::unique_ptr<Store> store_ = open();
};

}  // namespace almanac::support
