#include "model/places.h"

#include "inspect/terminal_text.h"

namespace almanac::model {

std::string place(std::span<const std::string> files, const Location& location) {
  const std::string file = location.file < files.size() ? inspect::visible(files[location.file]) : "?";
  return file + ':' + std::to_string(location.line) + ':' + std::to_string(location.column);
}

}  // namespace almanac::model
