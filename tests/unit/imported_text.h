// An import of texts, told as the command would.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "import/options.h"

namespace almanac::importing {

struct ImportedText {
  std::string format;    // named or recognised; empty: neither
  std::string records;   // JSON Lines; empty where there are problems
  std::string problems;  // a line each
  std::string report;
};

// Each text is a file, the first named "a", the next "b". Without a namespace in `options` it is "prod".
[[nodiscard]] ImportedText import_texts(const std::vector<std::string>& texts, ImportOptions options);
[[nodiscard]] ImportedText import_text(std::string_view format, const std::string& text);

// The record of the only service that `outputs` of Terraform make: {"a":{"value":…}}.
[[nodiscard]] std::string record_of_value(const std::string& json);

}  // namespace almanac::importing
