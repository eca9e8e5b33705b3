#include <almanac/caller.h>

#include <cstdlib>

namespace almanac {

Caller Caller::from_environment() {
  Caller caller;
  if (const char* text = std::getenv("ALMANAC_CALLER")) caller.set(parse(text, "ALMANAC_CALLER"));
  return caller;
}

}  // namespace almanac
