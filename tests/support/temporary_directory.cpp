#include "support/temporary_directory.h"

#include <stdlib.h>

#include <string>
#include <system_error>

#include "support/system_failure.h"

namespace almanac::support {

TemporaryDirectory::TemporaryDirectory(const std::filesystem::path& parent) {
  std::string name = (parent / "almanac-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw_errno(name);
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace almanac::support
