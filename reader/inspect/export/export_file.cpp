#include "inspect/export/export_file.h"

#include <fstream>
#include <iterator>
#include <span>

#include "whole_file.h"

namespace almanac::inspect {

Exported make_export(const ExportRequest& request, const Snapshot& snapshot, const std::optional<std::string>& before) {
  const ListReport listed = list(snapshot, request.selection);
  const auto made_with = [&](const ExportSettings& settings) {
    Exported made;
    Losses losses;
    request.format->write({listed, settings}, made.text, losses);
    for (const std::string& line : losses.lines()) made.losses.push_back(std::string(request.format->name) + ": " + line);
    return made;
  };
  if (before && request.format->serial_of != nullptr) {
    ExportSettings settings = request.settings;
    settings.serial = request.format->serial_of(*before);
    if (settings.serial) {
      Exported made = made_with(settings);
      if (made.text == *before) return made;
    }
  }
  return made_with(request.settings);
}

std::optional<std::string> text_of(const std::filesystem::path& file) {
  std::error_code failure;
  if (!std::filesystem::is_regular_file(file, failure)) return std::nullopt;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

bool has_text(const std::filesystem::path& file, std::string_view text) {
  std::error_code failure;
  // What is different mostly differs in its size.
  return std::filesystem::file_size(file, failure) == text.size() && !failure && text_of(file) == text;
}

void write_text(const std::filesystem::path& file, std::string_view text) {
  internal::write_whole_file(file, std::as_bytes(std::span(text)));
}

}  // namespace almanac::inspect
