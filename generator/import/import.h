// What neighbours print in, a registry out, or everything that is wrong with it. Start here.
//
//   const Imported imported = import_inputs(files, options);
//   if (!imported.loaded.problems.empty()) { source::print_problems(std::cerr, imported.loaded); return 1; }
#pragma once

#include <span>
#include <string>
#include <vector>

#include "import/importer.h"
#include "import/options.h"
#include "import/report.h"
#include "source/byte_source.h"
#include "source/load.h"

namespace almanac::importing {

struct Imported {
  source::LoadResult loaded;                 // without problems the registry is valid and resolved
  Report report;                             // what was not carried over
  std::vector<std::string> ignored_in_vain;  // of ImportOptions::ignored, what no field was
  const Importer* importer = nullptr;        // the one that was named or recognised; null when none was found, which is a problem
};

// Reads files, and "-" for standard input. Throws std::invalid_argument for options that no import can satisfy (a format or
// --namespace-from that is not known, a scheme that is none, no namespace at all), SourceError for what cannot be read, std::bad_alloc.
[[nodiscard]] Imported import_inputs(std::span<const std::string> files, const ImportOptions& options);

// The same for bytes from anywhere, called `name` in messages.
[[nodiscard]] Imported import_source(const std::string& name, source::ByteSource& source, const ImportOptions& options);

}  // namespace almanac::importing
