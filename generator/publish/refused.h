// A change that was asked for and is not made, because of what the store holds or is. Nothing was changed.
#pragma once

#include <almanac/error.h>

#include <string>
#include <string_view>
#include <utility>

namespace almanac::publish {

class Refused : public Error {
 public:
  enum class Reason {
    kConflict,           // somebody else published meanwhile
    kPinned,             // only an unpinning may follow
    kGeneration,         // another generation is live than the one to go on top of
    kConditionalWrites,  // the store does not keep the conditions of writes
  };
  Refused(Reason reason, ErrorCode code, std::string object, std::string_view problem)
      : Error(code, std::move(object), problem), reason_(reason) {}
  [[nodiscard]] Reason reason() const noexcept { return reason_; }

 private:
  Reason reason_;
};

}  // namespace almanac::publish
