// generate-snapshot pin and unpin: what is live stays, until somebody says otherwise.
#pragma once

#include <string>

#include "announcement.h"
#include "commands/command.h"

namespace almanac::commands {

void add_pin(CLI::App& app, Run& chosen);
void add_unpin(CLI::App& app, Run& chosen);

// Throws std::invalid_argument for a reason that cannot be kept.
void expect_pin_reason(const char* option, const std::string& reason);
// ", pinned: "the reason"", or nothing when it is not.
[[nodiscard]] std::string pinned_text(const internal::Announcement& announcement);

}  // namespace almanac::commands
