#include "inspect/export/export_file.h"

#include <cstdint>
#include <fstream>
#include <iterator>
#include <span>

#include "whole_file.h"

namespace almanac::inspect {

namespace {

// Of two serials: RFC 1982, section 3.2. False where that leaves it open.
bool is_before(std::uint32_t a, std::uint32_t b) noexcept { return static_cast<std::int32_t>(b - a) > 0; }

}  // namespace

Exported make_export(const ExportRequest& request, const Snapshot& snapshot, const std::optional<std::string>& before) {
  const ListReport listed = list(snapshot, request.selection);
  const auto made_with = [&](const ExportSettings& settings) {
    Exported made;
    if (listed.services.empty()) made.nothing_selected = nothing_selected(request.selection);
    Losses losses;
    request.format->write({listed, settings}, made.text, losses);
    for (const std::string& line : losses.lines()) made.losses.push_back(std::string(request.format->name) + ": " + line);
    return made;
  };
  ExportSettings settings = request.settings;
  const std::optional<std::uint32_t> old =
      before && request.format->serial_of != nullptr ? request.format->serial_of(*before) : std::nullopt;
  if (!old) return made_with(settings);
  settings.serial = old;
  Exported made = made_with(settings);
  if (made.text == *before) return made;
  settings.serial = request.settings.serial;
  if (settings.serial && !is_before(*old, *settings.serial))
    settings.serial = *old + 1;  // beyond the largest it is 0, which RFC 1982 has so
  return made_with(settings);
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
