// What a platform tells its functions about themselves. reader/CALLERS.md has the table, with the pages that it comes from.
#pragma once

#include <almanac/caller.h>

namespace almanac::internal {

// Where Kubernetes mounts the name of a pod's namespace, unless the pod has no service account's token.
inline constexpr const char* kServiceAccountNamespace = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

// The properties that the variables of the platform give, "platform" among them; none outside of the platforms that are known.
// No network; in Kubernetes the name of the host, and one small file at most, `namespace_file`, which may be missing.
[[nodiscard]] Caller caller_of_platform(const char* namespace_file = kServiceAccountNamespace);

}  // namespace almanac::internal
