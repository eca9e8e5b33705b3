// What turns the services of a snapshot into a file that another program reads.
//
//   const ListReport listed = list(snapshot, selection);
//   Losses losses;
//   std::string text;
//   find_export_format("nginx")->write({listed, {}}, text, losses);
//
// A format is a function and its line in the table of exporter.cpp. The same services give the same text. All that comes from the snapshot may
// hold any character of UTF-8 and is escaped as the format has it; what that cannot carry is left out or changed, and told as a loss.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inspect/list.h"

namespace almanac::inspect {

// What only some formats want to know.
struct ExportSettings {
  std::optional<std::uint32_t> serial{};  // of a DNS zone: it must grow with each change
  std::chrono::seconds ttl{30};           // of its records
  std::string name_server{"localhost."};  // the full name of its server
};

struct ExportInput {
  const ListReport& listed;  // what was selected, in byte order of namespaces and names
  ExportSettings settings;

  // What a format begins with to name a service: its own name, and the namespace and a slash before it where there are several.
  [[nodiscard]] std::string name_of(const ListedService& service) const;
};

// "prod/users", for messages: it says the namespace whether or not there are several.
[[nodiscard]] std::string full_name(const ListedService& service);

// What a format cannot say: counted by kind, with the first example of each.
class Losses {
 public:
  // Once for each thing that is affected. `counted` takes an s for several: add("service", "without an endpoint that has host and port",
  // "left out", "prod/limit") is told as "3 services without an endpoint that has host and port (first: prod/limit): left out".
  void add(std::string_view counted, std::string_view which, std::string_view consequence, std::string example);

  [[nodiscard]] bool empty() const noexcept { return kinds_.empty(); }
  // A line for each kind, in the order in which they were first met.
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  struct Kind {
    std::string counted;
    std::string which;
    std::string consequence;
    std::string first;
    std::uint64_t count = 0;
  };
  std::vector<Kind> kinds_;
};

struct ExportFormat {
  std::string_view name;
  std::string_view purpose;  // for --help, less than a line
  // Appends to `text`. Throws Error kInvalidArgument when two names are the same in this format (claimed_names.h) or a setting is missing.
  void (*write)(const ExportInput& input, std::string& text, Losses& losses);
  // Where a text says which change it is, that number: what differs in it alone is the same. nullptr: it says no such thing.
  std::optional<std::uint32_t> (*serial_of)(std::string_view text) = nullptr;
};

// In the order in which --help lists them.
[[nodiscard]] std::span<const ExportFormat> export_formats() noexcept;
// Throws Error kInvalidArgument, with near names, when there is none of that name.
[[nodiscard]] const ExportFormat& find_export_format(std::string_view name);

}  // namespace almanac::inspect
