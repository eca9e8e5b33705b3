#include "source/documents.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <unordered_set>
#include <utility>

#include "model/quoted.h"
#include "source/byte_source.h"

namespace almanac::source {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, Language>, 5> kEndings = {{{".yaml", Language::yaml},
                                                                            {".yml", Language::yaml},
                                                                            {".json", Language::json},
                                                                            {".jsonl", Language::json_lines},
                                                                            {".ndjson", Language::json_lines}}};

std::string endings() {
  std::string all;
  for (const auto& [ending, language] : kEndings) all.append(all.empty() ? "" : " ").append(ending);
  return all;
}

std::string name(const std::string& path) { return model::quoted(path, path.size()); }

[[noreturn]] void fail(const std::string& path, const std::error_code& error) {
  throw SourceError("cannot read " + name(path) + ": " + error.message());
}

class Finder {
 public:
  void add(const std::string& source) {
    if (source == kStandardInput) {
      if (seen_.insert(source).second) documents_.push_back({source, *language_of(source)});
      return;
    }
    std::error_code error;
    const fs::file_status status = fs::status(source, error);
    if (status.type() == fs::file_type::none) fail(source, error);
    if (!fs::exists(status)) fail(source, std::make_error_code(std::errc::no_such_file_or_directory));
    if (fs::is_directory(status)) {
      if (!add_folder(source)) {
        throw SourceError("no registry documents (" + endings() + ") in folder " + name(source));
      }
    } else if (!add_file(source)) {
      throw SourceError("cannot tell the language of " + name(source) + "; known endings: " + endings());
    }
  }

  std::vector<Document> take() { return std::move(documents_); }

 private:
  // The path without links and detours, by which two ways to one file are known.
  static std::string canonical(const std::string& path) {
    std::error_code error;
    const fs::path canonical = fs::canonical(path, error);
    if (error) fail(path, error);
    return canonical.string();
  }

  bool add_file(const std::string& path) {
    const auto language = language_of(path);
    if (!language) return false;
    if (seen_.insert(canonical(path)).second) documents_.push_back({path, *language});
    return true;
  }

  static std::vector<std::string> entries(const std::string& folder) {
    std::error_code error;
    std::vector<std::string> names;
    fs::directory_iterator each(folder, error);
    for (; !error && each != fs::directory_iterator(); each.increment(error)) {
      std::string entry = each->path().filename().string();
      if (!entry.starts_with('.')) names.push_back(std::move(entry));
    }
    if (error) fail(folder, error);
    std::ranges::sort(names);
    return names;
  }

  bool add_folder(const std::string& folder) {
    const std::string itself = canonical(folder);
    if (std::ranges::find(path_, itself) != path_.end()) {
      throw SourceError("folder " + name(folder) + " contains itself through a symbolic link; remove the link");
    }
    path_.push_back(itself);
    bool any = false;
    for (const std::string& entry : entries(folder)) {
      const std::string path = (fs::path(folder) / entry).string();
      std::error_code error;
      const fs::file_status status = fs::status(path, error);
      if (fs::is_directory(status)) {
        any = add_folder(path) || any;
      } else if (language_of(path)) {
        if (error) fail(path, error);
        any = add_file(path) || any;
      }
    }
    path_.pop_back();
    return any;
  }

  std::vector<Document> documents_;
  std::unordered_set<std::string> seen_;  // canonical paths, which are absolute, and kStandardInput
  std::vector<std::string> path_;         // canonical, from the source to the folder being listed
};

}  // namespace

std::optional<Language> language_of(std::string_view path) noexcept {
  if (path == kStandardInput) return Language::json_lines;
  const auto found = std::ranges::find_if(kEndings, [path](const auto& known) { return path.ends_with(known.first); });
  if (found == kEndings.end()) return std::nullopt;
  return found->second;
}

std::vector<Document> find_documents(std::span<const std::string> sources) {
  Finder finder;
  for (const std::string& source : sources) finder.add(source);
  return finder.take();
}

}  // namespace almanac::source
