#include "import/import.h"

#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "import/collector.h"
#include "import/inputs.h"
#include "import/recognise.h"
#include "inspect/near_names.h"
#include "model/field_rules.h"
#include "model/quoted.h"
#include "source/syntax_fault.h"

namespace almanac::importing {
namespace {

const Importer* named(const std::string& format) {
  if (format.empty()) return nullptr;
  if (const Importer* importer = find_importer(format)) return importer;
  std::vector<std::string_view> names;
  std::string all;
  for (const Importer* importer : importers()) {
    names.push_back(importer->name);
    all.append(all.empty() ? "" : ", ").append(importer->name);
  }
  const auto near = inspect::nearest(format, names, 1);
  // The command takes what is a file for the first of the inputs.
  throw std::invalid_argument("no format " + model::quoted(format) + ", and no file of that name" +
                              (near.empty() ? "; there are " + all : "; did you mean " + model::quoted(near.front()) + '?'));
}

void check_options(const ImportOptions& options) {
  if (options.namespace_name) {
    if (const auto fault = model::namespace_name_fault(*options.namespace_name)) throw std::invalid_argument("-n: " + *fault);
  }
  if (!options.scheme.empty() && (!model::has_scheme(options.scheme + "://x") || options.scheme.find(':') != std::string::npos)) {
    throw std::invalid_argument("--scheme: must be the scheme of a uri, as in http, got " + model::quoted(options.scheme));
  }
}

Node place(const source::SyntaxFault& fault) {
  Node node;
  node.line = fault.line;
  node.column = fault.column;
  return node;
}

Imported refused(const Inputs& inputs, model::Problems problems) {
  Imported imported;
  for (const Input& input : inputs.all()) imported.loaded.registry.files.push_back(input.name);
  imported.loaded.problems = std::move(problems);
  return imported;
}

// A plain format knows no marks: what another one marks as secret would go out in clear.
model::Problems secrets_of_others(const Inputs& inputs, const Importer& importer) {
  model::Problems problems;
  if (!importer.plain) return problems;
  for (std::uint32_t file = 0; file < inputs.all().size(); ++file) {
    for (const Importer* other : importers()) {
      if (other->holds_secret == nullptr || !other->holds_secret(inputs.all()[file])) continue;
      problems.push_back({{file, 1, 1},
                          "this holds what " + std::string(other->name) + " marks as secret, which " + std::string(importer.name) +
                              " would show; import it as " + std::string(other->name)});
    }
  }
  return problems;
}

void read_all(const Inputs& inputs, const Importer& importer, Collector& collector) {
  if (importer.read_together != nullptr) return importer.read_together(inputs.all(), collector);
  for (const Input& input : inputs.all()) {
    collector.begin(input);
    try {
      importer.read(input, collector);
    } catch (const source::SyntaxFault& fault) {
      collector.problem(place(fault), fault.what);
    }
  }
}

std::optional<Syntax> syntax_of(const Importer* importer) { return importer == nullptr ? std::nullopt : std::optional(importer->syntax); }

// `importer` is null when the format is still to be recognised.
Imported import_all(Inputs& inputs, const Importer* importer, const ImportOptions& options) {
  if (model::Problems problems = inputs.take_problems(); !problems.empty()) return refused(inputs, std::move(problems));
  if (importer == nullptr) {
    const std::vector<const Importer*> fitting = candidates(inputs.all());
    if (fitting.size() != 1 || fitting.front()->plain) return refused(inputs, {{{0, 1, 1}, question(fitting)}});
    importer = fitting.front();
  }
  if (model::Problems problems = secrets_of_others(inputs, *importer); !problems.empty()) return refused(inputs, std::move(problems));
  Collector collector(options, *importer, inputs.all());
  try {
    read_all(inputs, *importer, collector);
  } catch (const source::TooManyProblems&) {
    // It has been told, or Collector::finish() tells it.
  }
  Imported imported;
  imported.loaded = collector.finish();
  imported.report = collector.report();
  imported.ignored_in_vain = collector.ignored_in_vain();
  imported.importer = importer;
  return imported;
}

}  // namespace

Imported import_inputs(std::span<const std::string> files, const ImportOptions& options) {
  const Importer* importer = named(options.format);
  check_options(options);
  Inputs inputs(syntax_of(importer));
  for (const std::string& path : files) {
    source::FileSource file(path);
    inputs.add(path, file);
  }
  return import_all(inputs, importer, options);
}

Imported import_source(const std::string& name, source::ByteSource& source, const ImportOptions& options) {
  const Importer* importer = named(options.format);
  check_options(options);
  Inputs inputs(syntax_of(importer));
  inputs.add(name, source);
  return import_all(inputs, importer, options);
}

}  // namespace almanac::importing
