#include "import/recognise.h"

#include <algorithm>

namespace almanac::importing {
namespace {

bool takes(const Importer& importer, const Input& input) {
  const bool readable =
      importer.syntax == Syntax::text || input.syntax == Syntax::json || (importer.syntax == Syntax::yaml && input.syntax == Syntax::yaml);
  return readable && importer.fits(input);
}

}  // namespace

std::vector<const Importer*> candidates(std::span<const Input> inputs) {
  std::vector<const Importer*> all;
  for (const Importer* importer : importers()) {
    if (std::ranges::all_of(inputs, [&](const Input& input) { return takes(*importer, input); })) all.push_back(importer);
  }
  return all;
}

std::string question(std::span<const Importer* const> candidates) {
  const bool none = candidates.empty();
  std::string names;
  for (const Importer* importer : none ? importers() : candidates) names.append(names.empty() ? "" : ", ").append(importer->name);
  if (candidates.size() == 1) return "this may be " + names + ", but keys and values alone do not say so: name the format";
  return none ? "no format is recognised in this; if it is one of them, name it: " + names
              : "this can be several formats; name the one it is: " + names;
}

}  // namespace almanac::importing
