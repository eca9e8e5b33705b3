// Version ranges of any bytes, and a version to look for: what stands before the first end of line, and behind it.
#include <almanac/version_range.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "demand.h"
#include "semantic_version.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using almanac::fuzz::demand;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string text(input.substr(0, input.find('\n')));
  const std::string version(input.substr(text.size() == size ? size : text.size() + 1));
  try {
    const bool held = almanac::VersionRange(text).contains(version);
    demand(!held || almanac::internal::parse_version(version).has_value());
    // An alternative that is there twice, or that holds nothing, makes no difference.
    for (const std::string& same : {text + "||" + text, text + " || <0.0.0-0", ">* || " + text}) {
      demand(almanac::VersionRange(same).contains(version) == held);
    }
  } catch (const almanac::Error& error) {
    demand(error.code() == almanac::ErrorCode::kInvalidArgument && error.offset().value() <= text.size());
  }
  return 0;
}
