#include <almanac/store.h>

#include <utility>

namespace almanac {

Store::~Store() = default;

Object Store::get(std::string_view key) {
  std::optional<Object> object = get(key, GetOptions{});
  if (!object) throw Error(ErrorCode::kInputOutput, std::string(name()) + "/" + std::string(key), "the store gave nothing");
  return *std::move(object);
}

void Store::remove(std::string_view key) { (void)remove(key, PutCondition{}); }

}  // namespace almanac
