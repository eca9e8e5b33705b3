// Any JSON object, as keys and values.
#include "import/formats.h"
#include "import/key_values.h"

namespace almanac::importing {
namespace {

bool fits_json(const Input& input) { return input.syntax == Syntax::json && are_flat(input.values); }

}  // namespace

const Importer kJson = {
    .name = "json",
    .purpose = "an object of keys and values, nested ones joined by \"/\"",
    .syntax = Syntax::json,
    .namespaces = {},
    .plain = true,
    .fits = fits_json,
    .read = read_settings,
};

}  // namespace almanac::importing
