// Registry documents written inside a test, read as if they were files.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "source/documents.h"
#include "source/load.h"

namespace almanac::source {

// Reads each text as a document of that file name, then validates and resolves as load_registry does.
[[nodiscard]] LoadResult load_texts(const std::vector<std::pair<std::string, std::string>>& files);

// The problems as `check` prints them, one a line.
[[nodiscard]] std::vector<std::string> problem_lines(const LoadResult& loaded);

// The same for one text alone, in a file named "x" and the ending of its language.
[[nodiscard]] std::vector<std::string> problems_of(Language language, std::string_view text);

// The service, which the test expects to be there.
[[nodiscard]] const model::Service& service(const LoadResult& loaded, std::string_view space, std::string_view name);

}  // namespace almanac::source
