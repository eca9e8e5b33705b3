// An S3 bucket, or a prefix in one, as a store: AWS's, or what speaks its language at an endpoint of one's own.
#pragma once

#include <almanac/store.h>

#include <memory>
#include <string_view>

#include "environment.h"

namespace almanac::internal {

// "s3://bucket" or "s3://bucket/prefix". Nothing is asked over the network yet. Throws Error kInvalidArgument.
[[nodiscard]] std::unique_ptr<Store> open_s3_store(std::string_view address, const StoreOptions& options, Environment environment);

}  // namespace almanac::internal
