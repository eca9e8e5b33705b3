// Java properties, as keys and values.
#include <algorithm>

#include "import/collector.h"
#include "import/formats.h"
#include "import/key_values.h"
#include "import/properties_tree.h"
#include "model/arena.h"
#include "store/ascii.h"

namespace almanac::importing {
namespace {

constexpr bool is_in_plain_key(char c) { return internal::is_ascii_alphanumeric(c) || c == '.' || c == '-' || c == '_' || c == '/'; }

// Nearly every text is a properties file. One that somebody wrote as such has keys of plain characters, and something behind each.
bool fits_properties(const Input& input) {
  model::Arena arena;
  try {
    const auto items = parse_properties(input.text, arena).root.items;
    for (std::size_t i = 0; i < items.size(); i += 2) {
      const std::string_view key = items[i].text;
      if (key.empty() || key.front() == '-' || !std::ranges::all_of(key, is_in_plain_key) || items[i + 1].text.empty()) return false;
    }
    return !items.empty();
  } catch (const source::SyntaxFault&) {
    return false;
  }
}

void read_properties(const Input& input, Collector& collector) {
  model::Arena arena;
  const Properties properties = parse_properties(input.text, arena);
  if (properties.latin1_since) {
    collector.note(*properties.latin1_since, "the file is not UTF-8 here, so that all of it is read as ISO-8859-1");
  }
  add_text_settings(properties.root, collector);
}

}  // namespace

const Importer kProperties = {
    .name = "properties",
    .purpose = "a Java properties file",
    .syntax = Syntax::text,
    .namespaces = {},
    .plain = true,
    .fits = fits_properties,
    .read = read_properties,
};

}  // namespace almanac::importing
