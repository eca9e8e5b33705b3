// A change that was asked for and is not made, because of what the store holds or is. Nothing was changed by it.
#pragma once

#include <almanac/error.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "announcement.h"

namespace almanac::publish {

class Refused : public Error {
 public:
  enum class Reason {
    kConflict,           // somebody else published meanwhile
    kPinned,             // only an unpinning may follow
    kRollout,            // a rollout is unfinished, or none can begin from what is live
    kGeneration,         // another generation is live than the one to go on top of
    kConditionalWrites,  // the store does not keep the conditions of writes
  };
  Refused(Reason reason, ErrorCode code, std::string object, std::string_view problem,
          std::optional<internal::Announcement> winner = std::nullopt)
      : Error(code, std::move(object), problem), reason_(reason), winner_(std::move(winner)) {}
  [[nodiscard]] Reason reason() const noexcept { return reason_; }
  // What is live instead, when that is the reason.
  [[nodiscard]] const std::optional<internal::Announcement>& winner() const noexcept { return winner_; }

 private:
  Reason reason_;
  std::optional<internal::Announcement> winner_;
};

}  // namespace almanac::publish
