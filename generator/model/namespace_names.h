// The namespaces of a registry, by the names that documents have for them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "model/problem.h"
#include "model/registry.h"

namespace almanac::model {

// Its index. The namespaces are in byte order of their names.
[[nodiscard]] std::optional<std::size_t> find_namespace(const Registry& registry, std::string_view name);

// `"shraed", which no document defines; did you mean "shared"?`: for a problem that joins `problems`. Where there are many of those, nothing
// is suggested: looking through every name for every unknown one is for people, not for a million records.
[[nodiscard]] std::string unknown_namespace(const Registry& registry, std::string_view name, const Problems& problems);

}  // namespace almanac::model
