// Tables for people and spreadsheets: a row for each endpoint, and one for a service without. Tags and attributes are JSON in their cell.
#include <array>
#include <cstddef>

#include "inspect/export/formats.h"
#include "inspect/json_text.h"
#include "inspect/record.h"

namespace almanac::inspect {
namespace {

constexpr std::size_t kCells = 12;
using Cells = std::array<std::string, kCells>;
using WriteRow = void (*)(const Cells& cells, std::string& text);

Cells header() {
  return {"namespace", "name",    "description", "value", "tags",          "attributes",
          "uri",       "version", "weight",      "zone",  "endpoint_tags", "endpoint_attributes"};
}

std::string tags_cell(const Tags& tags) {
  std::string cell;
  if (!tags.empty()) JsonText(cell).strings(tags);
  return cell;
}

std::string attributes_cell(const Attributes& attributes) {
  std::string cell;
  if (attributes.empty()) return cell;
  JsonText json(cell);
  json.begin_object();
  for (const Attribute& attribute : attributes) json.member(attribute.key).string(attribute.value);
  json.end_object();
  return cell;
}

void append_rows(const ListedService& listed, WriteRow write_row, std::string& text) {
  const Service& service = listed.service;
  Cells cells = {std::string(listed.namespace_name),        std::string(service.name()), std::string(service.description()),
                 std::string(service.value().value_or("")), tags_cell(service.tags()),   attributes_cell(service.attributes())};
  if (service.endpoints().empty()) write_row(cells, text);
  for (const Endpoint& endpoint : service.endpoints()) {
    cells[6] = endpoint.uri();
    cells[7] = endpoint.version();
    cells[8] = std::to_string(endpoint.weight());
    cells[9] = endpoint.zone();
    cells[10] = tags_cell(endpoint.tags());
    cells[11] = attributes_cell(endpoint.attributes());
    write_row(cells, text);
  }
}

void append_table(const ExportInput& input, WriteRow write_row, std::string& text, Losses& losses) {
  write_row(header(), text);
  for (const ListedService& service : input.listed.services) {
    if (service.service.value() == "") losses.add("service", "with an empty value", "it looks like none", full_name(service));
    append_rows(service, write_row, text);
  }
}

// In quotes where a cell holds what separates, and doubled where it holds quotes. Lines end in CR LF.
void write_csv_row(const Cells& cells, std::string& text) {
  std::string_view separator;
  for (const std::string& cell : cells) {
    text += separator;
    separator = ",";
    // Blanks at an end, which RFC 4180 keeps and some readers do not, are safe in quotes.
    const bool is_quoted = cell.find_first_of(",\"\r\n") != std::string::npos || cell.starts_with(' ') || cell.ends_with(' ');
    if (is_quoted) text += '"';
    for (const char c : cell) {
      if (c == '"') text += '"';
      text += c;
    }
    if (is_quoted) text += '"';
  }
  text += "\r\n";
}

// A cell of text/tab-separated-values has neither tab nor line break: \t, \n, \r and, for the backslash itself, two of it.
void write_tsv_row(const Cells& cells, std::string& text) {
  std::string_view separator;
  for (const std::string& cell : cells) {
    text += separator;
    separator = "\t";
    for (const char c : cell) {
      switch (c) {
        case '\t': text += "\\t"; break;
        case '\n': text += "\\n"; break;
        case '\r': text += "\\r"; break;
        case '\\': text += "\\\\"; break;
        default: text += c;
      }
    }
  }
  text += '\n';
}

}  // namespace

void write_csv(const ExportInput& input, std::string& text, Losses& losses) { append_table(input, write_csv_row, text, losses); }

void write_tsv(const ExportInput& input, std::string& text, Losses& losses) { append_table(input, write_tsv_row, text, losses); }

}  // namespace almanac::inspect
