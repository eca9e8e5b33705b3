// Documents in memory, for whoever keeps what a registry was compiled from.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "progress/progress.h"

namespace almanac::source {

// The most bytes of all of them together.
inline constexpr std::size_t kMaxTexts = std::size_t{1} << 30U;

struct DocumentText {
  std::string name;  // as find_documents() names it; tells the language
  std::string text;
  bool operator==(const DocumentText&) const = default;
};

// What find_documents() finds, as it was read. Throws SourceError as that does, for what cannot be read, and for more than kMaxTexts.
[[nodiscard]] std::vector<DocumentText> read_documents(std::span<const std::string> sources, progress::Progress& progress);

}  // namespace almanac::source
