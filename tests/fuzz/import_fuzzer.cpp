// Any bytes, imported as each of the formats and as none: refused, or a registry that is valid.
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>

#include "demand_registry.h"
#include "import/import.h"
#include "source/byte_source.h"

using namespace almanac;

namespace {

// What else the command line may say follows from the size, so that any file can be an input.
importing::ImportOptions options_for(std::string_view format, std::size_t size) {
  importing::ImportOptions options;
  options.format = format;
  if (size % 3 == 0) {
    options.namespace_from = "path:1";
  } else {
    options.namespace_name = "prod";
  }
  options.values = size % 2 == 0;
  options.skip_secrets = size % 5 == 0;
  options.strip = size % 7 == 0 ? "/a" : "";
  return options;
}

void import_as(std::string_view format, std::string_view text) {
  source::TextSource bytes(text);
  const importing::Imported imported = importing::import_source("fuzzed", bytes, options_for(format, text.size()));
  for (const auto& problem : imported.loaded.problems) fuzz::demand_printable(problem);
  if (imported.loaded.problems.empty()) fuzz::demand_valid(imported.loaded.registry);
  std::ostringstream report;
  imported.report.print(report, imported.loaded.registry.files);
  std::istringstream lines(report.str());
  for (std::string line; std::getline(lines, line);) fuzz::demand_printable(std::string_view(line));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const importing::Importer* importer : importing::importers()) import_as(importer->name, text);
  import_as("", text);
  return 0;
}
