#include "source/load.h"

#include <algorithm>
#include <cstdint>
#include <ostream>
#include <unordered_set>
#include <utility>

#include "inspect/quantity.h"
#include "model/caller_checks.h"
#include "model/inherit.h"
#include "model/merge_registered.h"
#include "model/places.h"
#include "model/validate.h"
#include "source/byte_source.h"
#include "source/documents.h"
#include "source/interpreter.h"
#include "source/json_source.h"
#include "source/jsonl_source.h"
#include "source/registry_builder.h"
#include "source/yaml_source.h"

namespace almanac::source {
namespace {

// Tells of each piece that is read.
class Watched : public ByteSource {
 public:
  Watched(ByteSource& bytes, std::uint64_t size, const std::string& name, progress::Progress& progress, const RegistryBuilder& builder)
      : bytes_(bytes), progress_(progress), builder_(builder) {
    progress_.begin("reading " + name, size);
  }

  std::size_t read(std::span<char> space) override {
    const std::size_t count = bytes_.read(space);
    done_ += count;
    progress_.advance(done_, builder_.services());
    return count;
  }

 private:
  ByteSource& bytes_;
  progress::Progress& progress_;
  const RegistryBuilder& builder_;
  std::uint64_t done_ = 0;
};

void read_document(ByteSource& bytes, const Document& document, RegistryBuilder& builder) {
  Interpreter interpreter(builder, builder.add_file(document.path));
  switch (document.language) {
    case Language::yaml: read_yaml(bytes, interpreter); break;
    case Language::json: read_json(bytes, interpreter); break;
    case Language::json_lines: read_json_lines(bytes, interpreter); break;
  }
}

bool is_earlier(const model::Problem& a, const model::Problem& b) { return model::is_before(a.location, b.location); }

void finish(LoadResult& loaded) {
  model::validate(loaded.registry, loaded.problems);
  loaded.first_rule_not_compared = model::check_callers(loaded.registry, loaded.problems);
  model::resolve_inheritance(loaded.registry, loaded.problems);
  std::ranges::stable_sort(loaded.problems, is_earlier);
}

}  // namespace

LoadResult load_registry(std::span<const std::string> sources, progress::Progress& progress, const LoadOptions& options) {
  RegistryBuilder builder(options.registry_name, options.revision);
  for (const Document& document : find_documents(sources)) {
    FileSource file(document.path);
    Watched watched(file, file.size(), document.path, progress, builder);
    read_document(watched, document, builder);
  }
  progress.end();
  LoadResult loaded = {builder.take_registry(), builder.take_problems(), {}, {}};
  finish(loaded);
  return loaded;
}

LoadResult load_registry(std::span<const DocumentText> documents, std::span<const RegisteredRecord> registered,
                         progress::Progress& progress, const LoadOptions& options) {
  RegistryBuilder builder(options.registry_name, options.revision);
  for (const DocumentText& document : documents) {
    TextSource text(document.text);
    Watched watched(text, document.text.size(), document.name, progress, builder);
    read_document(watched, {document.name, language_of(document.name).value()}, builder);
  }
  progress.end();
  read_registered(registered, builder);
  LoadResult loaded = {builder.take_registry(), builder.take_problems(), {}, {}};
  std::vector<std::string_view> registrants;
  for (const RegisteredRecord& record : registered) registrants.push_back(record.registrant);
  loaded.notes = model::merge_registered(loaded.registry, registrants);
  finish(loaded);
  return loaded;
}

void print_problems(std::ostream& out, const LoadResult& loaded) {
  for (const model::Problem& problem : loaded.problems) {
    out << model::place(loaded.registry.files, problem.location) << ": " << problem.message << '\n';
  }
}

std::string count_problems(const LoadResult& loaded) {
  std::unordered_set<std::uint32_t> files;
  for (const model::Problem& problem : loaded.problems) files.insert(problem.location.file);
  return inspect::counted(loaded.problems.size(), "problem") + " in " + inspect::counted(files.size(), "file");
}

}  // namespace almanac::source
