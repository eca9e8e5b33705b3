#include "output.h"

#include <cerrno>
#include <span>

#include "file_descriptor.h"

namespace almanac::inspect {

void Output::flush() {
  const bool written = internal::write_all(descriptor_, std::as_bytes(std::span(text_)));
  const int reason = errno;
  text_.clear();
  if (!written) throw OutputError(reason, std::generic_category(), "cannot write the output");
}

}  // namespace almanac::inspect
