// The formats of the table in exporter.cpp; a file of its own for each tells what it makes of a service.
#pragma once

#include "inspect/export/exporter.h"

namespace almanac::inspect {

void write_nginx(const ExportInput& input, std::string& text, Losses& losses);
void write_haproxy(const ExportInput& input, std::string& text, Losses& losses);
void write_zone(const ExportInput& input, std::string& text, Losses& losses);
[[nodiscard]] std::optional<std::uint32_t> serial_of_zone(std::string_view text);
void write_hosts(const ExportInput& input, std::string& text, Losses& losses);

void write_envoy(const ExportInput& input, std::string& text, Losses& losses);
void write_prometheus(const ExportInput& input, std::string& text, Losses& losses);
void write_consul(const ExportInput& input, std::string& text, Losses& losses);
void write_dotenv(const ExportInput& input, std::string& text, Losses& losses);
void write_json(const ExportInput& input, std::string& text, Losses& losses);
void write_yaml(const ExportInput& input, std::string& text, Losses& losses);
void write_properties(const ExportInput& input, std::string& text, Losses& losses);
void write_csv(const ExportInput& input, std::string& text, Losses& losses);
void write_tsv(const ExportInput& input, std::string& text, Losses& losses);
void write_amplify(const ExportInput& input, std::string& text, Losses& losses);

}  // namespace almanac::inspect
