// Any JSON object, as keys and values.
#include "import/formats.h"
#include "import/key_values.h"

namespace almanac::importing {
namespace {

bool fits_json(const Input& input) { return is_json_object(input.text) && are_flat(input.values); }

}  // namespace

const Importer kJson = {"json",    "a JSON object of keys and values, nested ones joined by \"/\"", Syntax::json, {}, fits_json,
                        read_settings};

}  // namespace almanac::importing
