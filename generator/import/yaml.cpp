// Any YAML mapping, as keys and values.
#include "import/formats.h"
#include "import/key_values.h"

namespace almanac::importing {
namespace {

bool fits_yaml(const Input& input) { return input.syntax == Syntax::yaml && are_flat(input.values); }

}  // namespace

const Importer kYaml = {
    .name = "yaml",
    .purpose = "a mapping of keys and values, nested ones joined by \"/\"",
    .syntax = Syntax::yaml,
    .namespaces = {},
    .plain = true,
    .fits = fits_yaml,
    .read = read_settings,
};

}  // namespace almanac::importing
