#include "print_text.h"

#include <algorithm>
#include <array>

#include "field_lines.h"
#include "generation_rollout.h"
#include "quantity.h"
#include "terminal_text.h"
#include "text_table.h"

namespace almanac::inspect {
namespace {

constexpr auto kLeft = TableColumn::Align::kLeft;
constexpr auto kRight = TableColumn::Align::kRight;
constexpr std::size_t kMostColumnsOfAddress = 100;

// Text of several lines goes on below where it began.
void append_lines(std::string& out, std::string_view label, std::string_view text) {
  while (true) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    append_field(out, label, visible(text.substr(0, end)));
    if (end == text.size()) return;
    text.remove_prefix(end + 1);
    label = " ";
  }
}

std::string joined(const Tags& tags) {
  std::string out;
  for (const std::string_view tag : tags) out.append(out.empty() ? "" : ", ").append(visible(tag));
  return out;
}

void append_labels(std::string& out, std::string_view indent, const Tags& tags, const Attributes& attributes) {
  const std::string blank = std::string(indent) + " ";
  if (!tags.empty()) append_field(out, std::string(indent) + "tags", joined(tags));
  std::string label = std::string(indent) + "attributes";
  for (const Attribute attribute : attributes) {
    append_field(out, label, visible(attribute.key) + " = " + visible(attribute.value));
    label = blank;
  }
}

void append_endpoint(std::string& out, std::size_t number, const Endpoint& endpoint) {
  append_field(out, "endpoint " + std::to_string(number), visible(endpoint.uri()));
  if (!endpoint.version().empty()) append_field(out, "  version", visible(endpoint.version()));
  append_field(out, "  weight", with_thousands(endpoint.weight()));
  if (!endpoint.zone().empty()) append_field(out, "  zone", visible(endpoint.zone()));
  append_labels(out, "  ", endpoint.tags(), endpoint.attributes());
}

void append_service(std::string& out, const ListedService& listed) {
  const Service& service = listed.service;
  append_field(out, "namespace", visible(listed.namespace_name));
  append_field(out, "name", visible(service.name()));
  if (!service.description().empty()) append_lines(out, "description", service.description());
  if (const auto value = service.value()) append_lines(out, "value", *value);
  append_labels(out, "", service.tags(), service.attributes());
  std::size_t number = 0;
  for (const Endpoint& endpoint : service.endpoints()) append_endpoint(out, ++number, endpoint);
}

void append_heading(const SummaryReport& report, std::string& out) {
  const Snapshot& snapshot = report.subject.snapshot;
  const auto name_or_dash = [](std::string_view text) { return text.empty() ? "-" : visible(text); };
  append_field(out, "registry", name_or_dash(snapshot.registry_name()));
  append_field(out, "id", snapshot.id());
  append_field(out, "revision", name_or_dash(snapshot.revision()));
  if (const auto& publication = report.subject.publication) {
    std::string text = with_thousands(publication->generation);
    if (publication->rollback_of != 0) text += ", which brings back " + with_thousands(publication->rollback_of);
    append_field(out, "generation", text + ", published " + rfc3339(publication->published));
    if (publication->pinned) append_field(out, "pinned", publication->pinned->empty() ? "yes" : visible(*publication->pinned));
  }
  if (const auto& rollout = report.rollout) {
    append_field(out, "rollout",
                 "from generation " + with_thousands(rollout->previous_generation) + ": " + progress_text(*rollout, report.now));
  }
  append_field(out, "format", std::to_string(snapshot.format_major()) + "." + std::to_string(snapshot.format_minor()));
  append_field(out, "size", counted(snapshot.size(), "byte") + ", " + human_size(report.inflated) + " inflated");
  append_field(out, "services",
               with_thousands(report.services) + " in " + counted(report.namespace_count, "namespace") + ", " +
                   counted(report.endpoints, "endpoint"));
}

std::string frame_range(const LayoutReport& report, std::size_t row) {
  return row == 0 ? "preamble" : row == 1 ? "manifest" : row == report.frames.size() + 2 ? "total" : "frame " + std::to_string(row - 2);
}

void append_file_table(const LayoutReport& report, Output& output) {
  constexpr std::array<TableColumn, 7> kColumns = {{{"part", kLeft},
                                                    {"offset", kRight},
                                                    {"stored", kRight},
                                                    {"inflated", kRight},
                                                    {"namespaces", kRight},
                                                    {"services", kRight},
                                                    {"stored bytes a service", kRight}}};
  append_table(output, kColumns, report.frames.size() + 3, [&](std::size_t row, std::vector<std::string>& cells) {
    cells[0] = frame_range(report, row);
    if (row == 0) {
      cells[1] = "0";
      cells[2] = with_thousands(report.preamble);
    } else if (row == 1) {
      cells[1] = with_thousands(report.preamble);
      cells[2] = with_thousands(report.manifest);
      cells[3] = with_thousands(report.manifest_inflated);
    } else if (row < report.frames.size() + 2) {
      const FrameReport& frame = report.frames[row - 2];
      cells[1] = with_thousands(frame.info.offset);
      cells[2] = with_thousands(frame.info.stored_size);
      cells[3] = with_thousands(frame.info.size);
      cells[4] = with_thousands(frame.namespaces);
      cells[5] = with_thousands(frame.services);
      cells[6] = ratio(frame.info.stored_size, frame.services);
    } else {
      cells[2] = with_thousands(report.size);
      cells[5] = with_thousands(report.services);
      cells[6] = ratio(report.size, report.services);
    }
  });
}

void append_component_table(const std::string& where, std::vector<ComponentSize> rows, std::uint64_t services, Output& output) {
  const std::array<TableColumn, 5> columns = {
      {{where, kLeft}, {"inflated", kRight}, {"a service", kRight}, {"stored", kRight}, {"a service", kRight}}};
  ComponentSize total{"total", 0, 0};
  for (const ComponentSize& row : rows) {
    total.inflated += row.inflated;
    total.stored += row.stored;
  }
  rows.push_back(total);
  output.text() += '\n';
  append_table(output, columns, rows.size(), [&](std::size_t row, std::vector<std::string>& cells) {
    cells[0] = rows[row].what;
    cells[1] = with_thousands(rows[row].inflated);
    cells[2] = ratio(rows[row].inflated, services);
    cells[3] = with_thousands(rows[row].stored);
    cells[4] = ratio(rows[row].stored, services);
  });
}

}  // namespace

std::string address_of(const Service& service) {
  if (!service.uri().empty()) return visible(service.uri(), kMostColumnsOfAddress);
  if (const auto value = service.value()) return in_quotes(*value, kMostColumnsOfAddress);
  return {};
}

void print_text(const SummaryReport& report, Output& output) {
  append_heading(report, output.text());
  output.text() += '\n';
  constexpr std::array<TableColumn, 6> kColumns = {{{"namespace", kLeft},
                                                    {"services", kRight},
                                                    {"endpoints", kRight},
                                                    {"inflated", kRight},
                                                    {"stored", kRight},
                                                    {"bytes a service", kRight}}};
  const std::size_t count = report.namespaces.size();
  const bool whole = count == report.namespace_count;
  append_table(output, kColumns, count + (whole ? 2 : 0), [&](std::size_t row, std::vector<std::string>& cells) {
    if (row < count) {
      const NamespaceSize& size = report.namespaces[row];
      cells = {
          visible(size.info.name), with_thousands(size.info.services),    with_thousands(size.info.endpoints), human_size(size.inflated),
          human_size(size.stored), ratio(size.stored, size.info.services)};
    } else if (row == count) {
      cells[0] = "(preamble, manifest)";
      cells[4] = human_size(report.overhead);
    } else {
      const std::uint64_t size = report.subject.snapshot.size();
      cells = {"total",          with_thousands(report.services), with_thousands(report.endpoints), human_size(report.inflated),
               human_size(size), ratio(size, report.services)};
    }
  });
  if (std::ranges::any_of(report.namespaces, &NamespaceSize::shares_frame)) {
    output.text() += "\nSmall namespaces share a frame: their sizes are its size, divided by the bytes of their texts.\n";
  }
}

void print_text(const ListReport& report, Output& output) {
  std::vector<TableColumn> table = {{"name", kLeft}, {"endpoints", kRight}, {"tags", kLeft}, {"first uri or value", kLeft}};
  if (report.several_namespaces) table.insert(table.begin(), {"namespace", kLeft});
  append_table(output, table, report.services.size(), [&](std::size_t row, std::vector<std::string>& cells) {
    const auto& [namespace_name, service] = report.services[row];
    std::size_t cell = 0;
    if (report.several_namespaces) cells[cell++] = visible(namespace_name);
    cells[cell++] = visible(service.name());
    cells[cell++] = with_thousands(service.endpoints().size());
    cells[cell++] = joined(service.tags());
    cells[cell++] = address_of(service);
  });
}

void print_text(const GetReport& report, Output& output) {
  bool first = true;
  for (const ListedService& found : report.found) {
    if (!first) output.text() += '\n';
    first = false;
    append_service(output.text(), found);
    output.record_done();
  }
}

void print_text(const VerifyReport& report, Output& output) {
  if (report.damage) {
    output.text() += "damaged: " + visible(report.damage->what()) + "\n";
    return;
  }
  output.text() += "ok: " + visible(report.name) + ": " + report.id + ", " + counted(report.size, "byte") + ", " +
                   counted(report.namespaces, "namespace") + ", " + counted(report.services, "service") + ", " +
                   counted(report.endpoints, "endpoint");
  if (report.caller_rules != 0) output.text() += ", " + counted(report.caller_rules, "caller rule");
  output.text() += '\n';
}

void print_text(const LayoutReport& report, Output& output) {
  append_file_table(report, output);
  append_component_table("inside the manifest", report.manifest_components, report.services, output);
  append_component_table("inside the frames", report.components, report.services, output);
  output.text() +=
      "\n\"structure\" is the tables that point to the rest. Inflated bytes are exact. Which stored byte came from where is\n"
      "not recorded: the stored size of the manifest, and of each frame, is divided in proportion to what its components\n"
      "take when compressed alone.\n";
}

std::string text_of(const Miss& miss, const Selection& selection) {
  const auto listed = [](const std::vector<std::string_view>& names, std::string_view last) {
    std::string out;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (i > 0) out.append(i + 1 == names.size() ? last : ", ");
      out += in_quotes(names[i]);
    }
    return out;
  };
  std::string text = "no service " + in_quotes(miss.name);
  if (selection.namespace_name) text += " in namespace " + in_quotes(*selection.namespace_name);
  if (!miss.elsewhere.empty()) text += "; there is one in " + listed(miss.elsewhere, " and ");
  if (!miss.near.empty()) text += "; did you mean " + listed(miss.near, " or ") + "?";
  return text;
}

std::string message_of(const Miss& miss, const Selection& selection, std::string_view subject) {
  return visible(subject) + ": " + text_of(miss, selection);
}

}  // namespace almanac::inspect
