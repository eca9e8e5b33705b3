#include "import/importer.h"

#include <algorithm>
#include <array>

#include "import/formats.h"

namespace almanac::importing {
namespace {

constexpr std::array kImporters = {
    &kSsm,        &kCloudFormation, &kTerraform, &kCloudMap, &kConsul,     &kKubernetes, &kEnvoy,
    &kPrometheus, &kDotenv,         &kJson,      &kYaml,     &kProperties, &kChamber,
};

}  // namespace

std::span<const Importer* const> importers() noexcept { return kImporters; }

const Importer* find_importer(std::string_view name) noexcept {
  const auto found = std::ranges::find(kImporters, name, &Importer::name);
  return found == kImporters.end() ? nullptr : *found;
}

}  // namespace almanac::importing
