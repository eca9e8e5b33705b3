// Files of environment variables, as keys and values.
#include "import/collector.h"
#include "import/dotenv_tree.h"
#include "import/formats.h"
#include "import/key_values.h"
#include "model/arena.h"

namespace almanac::importing {
namespace {

bool fits_dotenv(const Input& input) {
  model::Arena arena;
  try {
    return !parse_dotenv(input.text, arena).root.items.empty();
  } catch (const source::SyntaxFault&) {
    return false;
  }
}

void read_dotenv(const Input& input, Collector& collector) {
  model::Arena arena;
  const Dotenv dotenv = parse_dotenv(input.text, arena);
  for (const Node& name : dotenv.expandable) {
    collector.note(name, "values with a $ are taken as they are written: nothing is put in the place of a variable");
  }
  add_text_settings(dotenv.root, collector);
}

}  // namespace

const Importer kDotenv = {
    .name = "dotenv",
    .purpose = "a file of environment variables (.env)",
    .syntax = Syntax::text,
    .namespaces = {},
    .plain = true,
    .fits = fits_dotenv,
    .read = read_dotenv,
};

}  // namespace almanac::importing
