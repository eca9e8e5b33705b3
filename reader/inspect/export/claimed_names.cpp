#include "inspect/export/claimed_names.h"

#include "inspect/export/exporter.h"
#include "inspect/terminal_text.h"

namespace almanac::inspect {

void ClaimedNames::claim(const std::string& name, const ListedService& service) {
  const auto [owner, is_new] = owners_.try_emplace(name, service);
  const ListedService& first = owner->second;
  if (is_new || (first.namespace_name == service.namespace_name && first.service.name() == service.service.name())) return;
  throw Error(ErrorCode::kInvalidArgument, format_,
              in_quotes(full_name(first)) + " and " + in_quotes(full_name(service)) + " are both " + in_quotes(name) +
                  " there; rename one, or export a part by -n, --prefix or --tag");
}

}  // namespace almanac::inspect
