// What inspect prints, as text.
#pragma once

#include <unistd.h>

#include <string>
#include <utility>

#include "inspect/output.h"

namespace almanac::inspect {

template <typename Print>
[[nodiscard]] std::string printed_by(const Print& print) {
  Output output(STDOUT_FILENO);
  print(output);
  return std::move(output.text());
}

template <typename Report>
[[nodiscard]] std::string printed(const Report& report) {
  return printed_by([&](Output& output) { print_text(report, output); });
}

}  // namespace almanac::inspect
