// What a format of keys and texts says of a service: the uris of its endpoints, or else its value.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "inspect/export/exporter.h"

namespace almanac::inspect {

// Borrowed from the snapshot. Nothing: the service is left out. An endpoint of weight 0 is left out, for nobody
// is to call it; all that is left out is told.
[[nodiscard]] std::vector<std::string_view> flat_texts(const ListedService& service, Losses& losses);

// The same in one text: several uris with commas between them, as `generate-snapshot import` takes them apart.
[[nodiscard]] std::string joined_texts(const ListedService& service, const std::vector<std::string_view>& texts, Losses& losses);

}  // namespace almanac::inspect
