// What a format makes of a registry written inside a test.
#pragma once

#include <string>
#include <utility>

#include "inspect/export/export_file.h"
#include "inspect_compiled.h"

namespace almanac::inspect {

[[nodiscard]] inline Exported exported(std::string_view format, const std::string& json_lines, Selection selection = {},
                                       ExportSettings settings = {}) {
  const Compiled registry = compiled(json_lines);
  return make_export({&find_export_format(format), std::move(selection), std::move(settings)}, registry.snapshot, std::nullopt);
}

// "the error", or nothing when there was none.
[[nodiscard]] inline std::string export_error(std::string_view format, const std::string& json_lines, ExportSettings settings = {}) {
  try {
    (void)exported(format, json_lines, {}, std::move(settings));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    return error.what();
  }
  return "";
}

}  // namespace almanac::inspect
