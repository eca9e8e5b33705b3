#include "document_text.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace almanac::source {
namespace {

// A folder of its own for one call; load_registry reads real files.
class Folder {
 public:
  Folder() : path_((std::filesystem::temp_directory_path() / "almanac-documents-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary folder");
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    std::string path = path_ + '/' + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Messages name files as they were given; tests know them without the folder.
void remove_all(std::string& text, const std::string& part) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part)) text.erase(at, part.size());
}

}  // namespace

LoadResult load_texts(const std::vector<std::pair<std::string, std::string>>& files) {
  const Folder folder;
  std::vector<std::string> sources;
  for (const auto& [name, text] : files) sources.push_back(folder.write(name, text));
  progress::Progress silent;
  LoadResult loaded = load_registry(sources, silent);
  const std::string prefix = folder.path() + '/';
  for (auto& file : loaded.registry.files) remove_all(file, prefix);
  for (auto& problem : loaded.problems) remove_all(problem.message, prefix);
  return loaded;
}

std::vector<std::string> problem_lines(const LoadResult& loaded) {
  std::ostringstream out;
  print_problems(out, loaded);
  std::istringstream in(out.str());
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> problems_of(Language language, std::string_view text) {
  const char* name = language == Language::yaml ? "x.yaml" : language == Language::json ? "x.json" : "x.jsonl";
  return problem_lines(load_texts({{name, std::string(text)}}));
}

const model::Service& service(const LoadResult& loaded, std::string_view space, std::string_view name) {
  for (const model::Namespace& each : loaded.registry.namespaces) {
    if (each.name != space) continue;
    for (const model::Service& candidate : each.services) {
      if (candidate.name == name) return candidate;
    }
  }
  throw std::runtime_error("no service " + std::string(name) + " in " + std::string(space));
}

}  // namespace almanac::source
