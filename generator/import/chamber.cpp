// What chamber (https://github.com/segmentio/chamber) exports as JSON: one flat object of texts.
#include <algorithm>

#include "import/collector.h"
#include "import/formats.h"
#include "import/key_values.h"

namespace almanac::importing {
namespace {

bool fits_chamber(const Input& input) {
  if (!are_flat(input.values)) return false;
  return std::ranges::all_of(input.values, [](const Node& object) {
    for (std::size_t i = 1; i < object.items.size(); i += 2) {
      if (!object.items[i].quoted) return false;
    }
    return true;
  });
}

void read_chamber(const Input& input, Collector& collector) {
  for (const Node& object : input.values) {
    if (!are_flat({&object, 1})) {
      collector.problem(object,
                        "expected an object of keys and texts, as \"chamber export\" prints it; for any other there is the format json");
      continue;
    }
    // It stores every value as a SecureString, and its export says no more which of them are secret.
    collector.note(object, "chamber encrypts all that it stores and prints it in clear: import only what everybody may read");
    add_settings(object, collector);
  }
}

}  // namespace

const Importer kChamber = {
    .name = "chamber",
    .purpose = "chamber export --format json",
    .syntax = Syntax::json,
    .namespaces = {},
    .plain = true,
    .fits = fits_chamber,
    .read = read_chamber,
};

}  // namespace almanac::importing
