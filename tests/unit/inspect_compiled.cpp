#include "inspect_compiled.h"

#include <stdexcept>
#include <utility>

#include "compile/snapshot_writer.h"
#include "document_text.h"
#include "support/file_bytes.h"

namespace almanac::inspect {

Compiled compiled(const std::string& json_lines) {
  const source::LoadResult loaded = source::load_texts({{"x.jsonl", json_lines}});
  if (!loaded.problems.empty()) throw std::runtime_error("a test's registry is not valid: " + source::problem_lines(loaded).front());
  progress::Progress silent;
  std::vector<std::byte> bytes = compile::compile_snapshot(loaded.registry, {.level = 3, .threads = 1}, silent);
  Snapshot snapshot = Snapshot::from_bytes(bytes, "x.almanac");
  return {std::move(bytes), std::move(snapshot)};
}

CompiledFile::CompiledFile(const std::vector<std::byte>& bytes) { support::write_bytes(path(), bytes); }

}  // namespace almanac::inspect
