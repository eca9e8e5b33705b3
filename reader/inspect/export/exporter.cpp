#include "inspect/export/exporter.h"

#include <algorithm>
#include <utility>

#include "inspect/export/formats.h"
#include "inspect/near_names.h"
#include "inspect/quantity.h"
#include "inspect/terminal_text.h"

namespace almanac::inspect {
namespace {

constexpr ExportFormat kExportFormats[] = {
    {"nginx", "an upstream for each service, and a map from names to upstreams", write_nginx},
    {"haproxy", "a backend for each service", write_haproxy},
    {"zone", "a DNS zone: SRV, A, AAAA, CNAME and TXT records", write_zone, serial_of_zone},
    {"hosts", "lines of /etc/hosts: addresses and names", write_hosts},
    {"envoy", "endpoint discovery from a file, a cluster for each service", write_envoy},
    {"prometheus", "targets from a file, with labels", write_prometheus},
    {"consul", "service definitions, one for each endpoint", write_consul},
    {"dotenv", "environment variables: NAMES and uris or values", write_dotenv},
    {"json", "an object of names and uris or values", write_json},
    {"yaml", "the same in YAML", write_yaml},
    {"properties", "the same as Java properties", write_properties},
    {"csv", "all of it, a row for each endpoint (RFC 4180)", write_csv},
    {"tsv", "the same with tabs", write_tsv},
    {"amplify", "REST APIs for the front ends of AWS Amplify", write_amplify},
};

}  // namespace

std::string ExportInput::name_of(const ListedService& service) const {
  return listed.several_namespaces ? full_name(service) : std::string(service.service.name());
}

std::string full_name(const ListedService& service) {
  return std::string(service.namespace_name).append("/").append(service.service.name());
}

void Losses::add(std::string_view counted, std::string_view which, std::string_view consequence, std::string example) {
  const auto same = [&](const Kind& kind) { return kind.counted == counted && kind.which == which && kind.consequence == consequence; };
  const auto found = std::ranges::find_if(kinds_, same);
  if (found != kinds_.end()) {
    ++found->count;
  } else {
    kinds_.push_back({std::string(counted), std::string(which), std::string(consequence), std::move(example), 1});
  }
}

std::vector<std::string> Losses::lines() const {
  std::vector<std::string> lines;
  for (const Kind& kind : kinds_) {
    const std::string_view first = kind.count == 1 ? "" : "first: ";
    lines.push_back(counted(kind.count, kind.counted) + " " + kind.which + " (" + std::string(first) + kind.first +
                    "): " + kind.consequence);
  }
  return lines;
}

std::span<const ExportFormat> export_formats() noexcept { return kExportFormats; }

const ExportFormat& find_export_format(std::string_view name) {
  const auto* const found = std::ranges::find(kExportFormats, name, &ExportFormat::name);
  if (found != std::end(kExportFormats)) return *found;
  std::vector<std::string_view> names;
  std::string all;
  for (const ExportFormat& format : kExportFormats) {
    names.push_back(format.name);
    all.append(all.empty() ? "" : ", ").append(format.name);
  }
  const std::vector<std::string_view> near = nearest(name, names, 1);
  throw Error(ErrorCode::kInvalidArgument, "--format",
              "no format " + in_quotes(name) + "; " + (near.empty() ? "" : "did you mean \"" + std::string(near.front()) + "\"? ") +
                  "there are " + all);
}

}  // namespace almanac::inspect
