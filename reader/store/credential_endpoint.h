// Access keys that the machine itself hands out over HTTP: the container's endpoint of ECS and EKS, and EC2's instance
// metadata service, version 2. Each answer is for hours; nothing is kept here.
//
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
#pragma once

#include <almanac/store.h>

#include <optional>

#include "access_key.h"
#include "environment.h"

namespace almanac::internal {

// Nothing when the environment names no endpoint. Throws Error: kInvalidArgument for an address that must not be asked,
// kTimedOut, kInputOutput, kPermissionDenied. Waits 2 s at most.
[[nodiscard]] std::optional<Credentials> container_credentials(const Environment& environment, Deadline deadline);

// Throws Error as container_credentials(). Waits 2 s at most.
[[nodiscard]] Credentials instance_credentials(const Environment& environment, Deadline deadline);

}  // namespace almanac::internal
