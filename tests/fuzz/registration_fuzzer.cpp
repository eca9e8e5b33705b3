// Registrations of any bytes: parsed, written again, and put under a key that is safe wherever it is a file.
#include <almanac/error.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "demand.h"
#include "model/field_rules.h"
#include "registrations/registration.h"

namespace {

using namespace almanac;
using fuzz::demand;

void demand_safe(std::string_view key) {
  demand(key.starts_with(registrations::kPrefix) && key.ends_with(".json"));
  int segments = 1;
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (key[i] != '/') continue;
    ++segments;
    demand(key.substr(i + 1, 1) != "." && key.substr(i + 1, 1) != "/");
  }
  demand(segments == 4 && key.find('\0') == std::string_view::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const registrations::Registration read = registrations::parse_registration({reinterpret_cast<const char*>(data), size}, "fuzzed");
    demand(!model::registrant_fault(read.registrant) && !model::namespace_name_fault(read.namespace_name));
    demand(!model::service_name_fault(read.name) && (!read.lease || read.lease->count() > 0));
    demand(read.record.find('\n') == std::string::npos);
    const registrations::Registration again = registrations::parse_registration(registrations::encode(read), "written again");
    demand(again.registrant == read.registrant && again.lease == read.lease && again.record == read.record);
    const std::string key = registrations::registration_key(read.namespace_name, read.name, read.registrant);
    demand_safe(key);
    demand(registrations::is_key_of(key, read.registrant));
    (void)registrations::service_of_key(key);
  } catch (const Error& error) {
    demand(error.code() == ErrorCode::kCorrupt);
  }
  return 0;
}
