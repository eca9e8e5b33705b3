#include "imported_text.h"

#include <almanac/snapshot.h>

#include <fstream>
#include <sstream>

#include "compile/snapshot_writer.h"
#include "import/import.h"
#include "inspect/json_text.h"
#include "inspect/record.h"
#include "inspect/selection.h"
#include "support/temporary_directory.h"

namespace almanac::importing {
namespace {

void remove_all(std::string& text, const std::string& part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part)) text.erase(at, part.size());
}

std::string records_of(const model::Registry& registry) {
  progress::Progress silent;
  const std::vector<std::byte> bytes = compile::compile_snapshot(registry, {.level = 1, .threads = 1}, silent);
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "imported");
  std::string records;
  inspect::JsonText json(records);
  for (const NamespaceInfo& space : inspect::selected_namespaces(snapshot, {})) {
    for (const Service service : snapshot.in(space.name).under("")) {
      inspect::append_record(json, space.name, service);
      json.end_line();
    }
  }
  return records;
}

}  // namespace

ImportedText import_texts(const std::vector<std::string>& texts, ImportOptions options) {
  const support::TemporaryDirectory folder;
  std::vector<std::string> files;
  for (const std::string& text : texts) {
    files.push_back((folder / std::string(1, static_cast<char>('a' + files.size()))).string());
    std::ofstream(files.back(), std::ios::binary) << text;
  }
  if (!options.namespace_name && options.namespace_from.empty()) options.namespace_name = "prod";
  const Imported imported = import_inputs(files, options);
  ImportedText told;
  if (imported.importer != nullptr) told.format = imported.importer->name;
  std::ostringstream problems;
  source::print_problems(problems, imported.loaded);
  told.problems = problems.str();
  std::ostringstream report;
  imported.report.print(report, imported.loaded.registry.files);
  told.report = report.str();
  if (imported.loaded.problems.empty()) told.records = records_of(imported.loaded.registry);
  remove_all(told.problems, folder.path().string() + '/');
  remove_all(told.report, folder.path().string() + '/');
  return told;
}

ImportedText import_text(std::string_view format, const std::string& text) {
  ImportOptions options;
  options.format = format;
  return import_texts({text}, options);
}

std::string record_of_value(const std::string& json) {
  const ImportedText told = import_text("terraform", R"({"a":{"type":"dynamic","value":)" + json + "}}");
  return told.problems + told.records;
}

}  // namespace almanac::importing
