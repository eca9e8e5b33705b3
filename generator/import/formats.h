// The importers, each defined in a file of its own.
#pragma once

#include "import/importer.h"

namespace almanac::importing {

extern const Importer kSsm;
extern const Importer kCloudFormation;
extern const Importer kTerraform;
extern const Importer kCloudMap;
extern const Importer kConsul;

}  // namespace almanac::importing
