// A part of a snapshot in a format, and the file that is kept like it.
//
//   const ExportRequest request{&find_export_format("nginx"), {.namespace_name = "prod"}, {}};
//   const Exported made = make_export(request, snapshot, text_of(file));
//   if (!has_text(file, made.text)) write_text(file, made.text);
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inspect/export/exporter.h"

namespace almanac::inspect {

struct ExportRequest {
  const ExportFormat* format = nullptr;
  Selection selection;
  ExportSettings settings;
};

struct Exported {
  std::string text;
  std::vector<std::string> losses;  // Losses::lines(), each behind the name of the format
  std::string nothing_selected;     // why it is of no service at all; empty: it is of some
};

// `before` is what there was. Where the format has serials and nothing else is different, its serial stays; else it is
// `request.settings.serial`, or one more than it was where that would not be later (RFC 1982): a store that was made anew begins at 1.
// Throws Error as list() and the format do.
[[nodiscard]] Exported make_export(const ExportRequest& request, const Snapshot& snapshot, const std::optional<std::string>& before);

// What is in a file; nothing when there is none, or none that can be read as a file is.
[[nodiscard]] std::optional<std::string> text_of(const std::filesystem::path& file);
[[nodiscard]] bool has_text(const std::filesystem::path& file, std::string_view text);

// Writes aside and renames. Throws Error kInputOutput.
void write_text(const std::filesystem::path& file, std::string_view text);

}  // namespace almanac::inspect
