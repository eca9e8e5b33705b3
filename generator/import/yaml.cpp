// Any YAML mapping, as keys and values.
#include "import/formats.h"
#include "import/key_values.h"

namespace almanac::importing {
namespace {

bool fits_yaml(const Input& input) { return input.syntax == Syntax::yaml && are_flat(input.values); }

}  // namespace

const Importer kYaml = {"yaml",        "a YAML mapping of keys and values, nested ones joined by \"/\"", Syntax::yaml, {}, fits_yaml,
                        read_settings};

}  // namespace almanac::importing
