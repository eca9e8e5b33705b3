// Places in documents, written out: "prod.yaml:14:7".
#pragma once

#include <span>
#include <string>

#include "model/registry.h"

namespace almanac::model {

// `files` is Registry::files.
[[nodiscard]] std::string place(std::span<const std::string> files, const Location& location);

[[nodiscard]] constexpr bool is_before(const Location& a, const Location& b) noexcept {
  if (a.file != b.file) return a.file < b.file;
  return a.line != b.line ? a.line < b.line : a.column < b.column;
}

}  // namespace almanac::model
