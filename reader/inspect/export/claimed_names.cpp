#include "inspect/export/claimed_names.h"

#include "inspect/export/exporter.h"
#include "inspect/terminal_text.h"

namespace almanac::inspect {

void ClaimedNames::claim(const std::string& name, const ListedService& service) {
  const auto [owner, is_new] = owners_.try_emplace(name, service);
  if (is_new) return;
  const std::string first = full_name(owner->second);
  const std::string second = full_name(service);
  if (first == second) return;
  throw Error(ErrorCode::kInvalidArgument, format_,
              in_quotes(first) + " and " + in_quotes(second) + " are both " + in_quotes(name) +
                  " there; rename one, or export a part by -n, --prefix or --tag");
}

}  // namespace almanac::inspect
