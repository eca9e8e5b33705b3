// What an export format makes of a registry that is written inside the test.
#pragma once

#include <string>
#include <vector>

#include "inspect/export/exporter.h"
#include "inspect_compiled.h"

namespace almanac::inspect {

struct Exported {
  std::string text;
  std::vector<std::string> losses;
};

inline Exported exported(const std::string& format, const std::string& json_lines, const Selection& selection = {}) {
  const Compiled all = compiled(json_lines);
  const ListReport listed = list(all.snapshot, selection);
  Exported result;
  Losses losses;
  find_export_format(format).write({listed, {}}, result.text, losses);
  result.losses = losses.lines();
  return result;
}

}  // namespace almanac::inspect
