// The reports as people read them. All text of a snapshot is made visible first (terminal_text.h).
#pragma once

#include <string>
#include <string_view>

#include "get.h"
#include "layout_account.h"
#include "list.h"
#include "output.h"
#include "summary.h"
#include "verify.h"

namespace almanac::inspect {

void print_text(const SummaryReport& report, Output& output);
void print_text(const ListReport& report, Output& output);
void print_text(const GetReport& report, Output& output);  // what was found; see message_of() for the misses
void print_text(const VerifyReport& report, Output& output);
void print_text(const LayoutReport& report, Output& output);

// no service "user" in namespace "prod"; did you mean "users"?
[[nodiscard]] std::string text_of(const Miss& miss, const Selection& selection);
// The same with the subject before it: one line.
[[nodiscard]] std::string message_of(const Miss& miss, const Selection& selection, std::string_view subject);

// The uri of its first endpoint, or its value in quotes, shortened to fit a line.
[[nodiscard]] std::string address_of(const Service& service);

}  // namespace almanac::inspect
