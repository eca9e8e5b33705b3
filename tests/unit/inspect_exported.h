// What an export format makes of a registry that is written inside the test.
#pragma once

#include <optional>
#include <string>

#include "inspect/export/export_file.h"
#include "inspect_compiled.h"

namespace almanac::inspect {

inline Exported exported(const std::string& format, const std::string& json_lines, const Selection& selection = {}) {
  const Compiled all = compiled(json_lines);
  return make_export({&find_export_format(format), selection, {}}, all.snapshot, std::nullopt);
}

}  // namespace almanac::inspect
