// Which format is this?
#pragma once

#include <span>
#include <string>
#include <vector>

#include "import/importer.h"

namespace almanac::importing {

// The importers that all inputs fit, in the order of the table.
[[nodiscard]] std::vector<const Importer*> candidates(std::span<const Input> inputs);

// What to say when they are not one: "this can be several formats; name the one it is: json, chamber".
[[nodiscard]] std::string question(std::span<const Importer* const> candidates);

}  // namespace almanac::importing
