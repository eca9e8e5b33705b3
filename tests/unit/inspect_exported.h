// What an export format makes of a registry that is written inside the test.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "inspect/export/export_file.h"
#include "inspect_compiled.h"

namespace almanac::inspect {

// The losses without the name of the format before each.
inline Exported exported(const std::string& format, const std::string& json_lines, const Selection& selection = {}) {
  const Compiled all = compiled(json_lines);
  Exported made = make_export({&find_export_format(format), selection, {}}, all.snapshot, std::nullopt);
  for (std::string& loss : made.losses) loss.erase(0, format.size() + std::string_view(": ").size());
  return made;
}

}  // namespace almanac::inspect
