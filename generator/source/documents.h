// Which files are the documents of a registry.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace almanac::source {

// As a source: standard input, which holds JSON Lines.
inline constexpr std::string_view kStandardInput = "-";

enum class Language { yaml, json, json_lines };

// By the ending of the name: .yaml .yml .json .jsonl .ndjson; kStandardInput has JSON Lines; nothing for any other.
[[nodiscard]] std::optional<Language> language_of(std::string_view path) noexcept;

struct Document {
  std::string path;
  Language language = Language::yaml;
};

// The files among `sources`, and those below its folders: folders in byte order of their entries,
// hidden entries and unknown endings skipped. A file that is reached twice, or standard input, counts once.
//
// Throws SourceError for a source that is missing, a folder without any document or that cannot be
// listed or contains itself, and for a file, named itself, with an ending that is not known.
[[nodiscard]] std::vector<Document> find_documents(std::span<const std::string> sources);

}  // namespace almanac::source
