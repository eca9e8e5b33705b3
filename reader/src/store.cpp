#include <almanac/store.h>

#include <utility>

namespace almanac {

Store::~Store() = default;

Object Store::get(std::string_view key) { return get(key, GetOptions{}).value(); }

}  // namespace almanac
