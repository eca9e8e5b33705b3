#include "question.h"

#include <almanac/error.h>

#include <chrono>
#include <cstdlib>
#include <string_view>

#include "near_names.h"
#include "rfc3339.h"
#include "terminal_text.h"

namespace almanac::inspect {

namespace {

constexpr std::string_view kEnvironment = "environment";

}  // namespace

internal::Moment moment_asked(const std::optional<std::string>& at) {
  if (!at) return internal::moment_of(std::chrono::system_clock::now());
  if (const auto moment = internal::parse_rfc3339(*at)) return *moment;
  throw Error(
      ErrorCode::kInvalidArgument, "--at",
      "takes a time with its offset, from 1970 to 9999 and on a day that there is, such as 2026-11-20T09:00:00Z, got " + in_quotes(*at));
}

void set_caller(Question& question, const std::string& text) {
  if (text != kEnvironment) {
    constexpr std::string_view kWords[] = {kEnvironment};
    if (!nearest(text, kWords, 1).empty()) {
      throw Error(ErrorCode::kInvalidArgument, "--caller",
                  "takes properties or \"environment\", got " + in_quotes(text) + "; did you mean that?");
    }
    question.caller = Caller::parse(text, "--caller");
    return;
  }
  question.caller = Caller::from_environment();
  const char* const named = std::getenv("ALMANAC_NAMESPACE");
  if (named != nullptr && *named != '\0') question.named_by_variable = named;
}

}  // namespace almanac::inspect
