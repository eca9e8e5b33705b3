#include "question.h"

#include <almanac/error.h>

#include <chrono>
#include <cstdlib>

#include "rfc3339.h"

namespace almanac::inspect {

internal::Moment moment_asked(const std::string& at) {
  if (at.empty()) return internal::moment_of(std::chrono::system_clock::now());
  if (const auto moment = internal::parse_rfc3339(at)) return *moment;
  throw Error(ErrorCode::kInvalidArgument, "--at", "takes a time with its offset, such as 2026-11-20T09:00:00Z, got \"" + at + "\"");
}

void set_caller(Question& question, const std::string& text) {
  if (text != "environment") {
    question.caller = Caller::parse(text, "--caller");
    return;
  }
  question.caller = Caller::from_environment();
  const char* const named = std::getenv("ALMANAC_NAMESPACE");
  if (named != nullptr && *named != '\0') question.named_by_variable = named;
}

}  // namespace almanac::inspect
