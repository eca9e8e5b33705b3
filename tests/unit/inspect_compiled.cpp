#include "inspect_compiled.h"

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <utility>

#include "compile/snapshot_writer.h"
#include "document_text.h"

namespace almanac::inspect {

Compiled compiled(const std::string& json_lines) {
  const source::LoadResult loaded = source::load_texts({{"x.jsonl", json_lines}});
  if (!loaded.problems.empty()) throw std::runtime_error("a test's registry is not valid: " + source::problem_lines(loaded).front());
  source::Progress silent;
  std::vector<std::byte> bytes = compile::compile_snapshot(loaded.registry, {.level = 3, .threads = 1}, silent);
  Snapshot snapshot = Snapshot::from_bytes(bytes, "x.almanac");
  return {std::move(bytes), std::move(snapshot)};
}

CompiledFile::CompiledFile(const std::vector<std::byte>& bytes) {
  path_ = (std::filesystem::temp_directory_path() / "almanac-inspect-XXXXXX").string();
  const int file = ::mkstemp(path_.data());
  if (file < 0) throw std::runtime_error("no temporary file");
  const ssize_t written = ::write(file, bytes.data(), bytes.size());
  ::close(file);
  if (written != static_cast<ssize_t>(bytes.size())) throw std::runtime_error("cannot write " + path_);
}

CompiledFile::~CompiledFile() { std::filesystem::remove(path_); }

}  // namespace almanac::inspect
