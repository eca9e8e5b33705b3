#include <almanac/version.h>

#define ALMANAC_TEXT_OF(number) #number
#define ALMANAC_TEXT(number) ALMANAC_TEXT_OF(number)

namespace almanac {

const char* library_version() noexcept {
  return ALMANAC_TEXT(ALMANAC_VERSION_MAJOR) "." ALMANAC_TEXT(ALMANAC_VERSION_MINOR) "." ALMANAC_TEXT(ALMANAC_VERSION_PATCH);
}

}  // namespace almanac
