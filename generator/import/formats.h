// The importers, each defined in a file of its own.
#pragma once

#include "import/importer.h"

namespace almanac::importing {

extern const Importer kSsm;
extern const Importer kCloudFormation;
extern const Importer kTerraform;
extern const Importer kCloudMap;
extern const Importer kConsul;
extern const Importer kKubernetes;
extern const Importer kEnvoy;
extern const Importer kPrometheus;
extern const Importer kDotenv;
extern const Importer kJson;
extern const Importer kYaml;
extern const Importer kProperties;
extern const Importer kChamber;

}  // namespace almanac::importing
