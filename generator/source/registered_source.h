// Services as registrants gave them, one record each.
#pragma once

#include <span>
#include <string_view>

#include "source/registry_builder.h"

namespace almanac::source {

// Borrowed.
struct RegisteredRecord {
  std::string_view registrant;
  std::string_view object;  // that holds it, for messages
  std::string_view record;  // a line of JSON Lines, of one service
};

// Each becomes a file of the registry, in their order, behind those that are there. Everything wrong becomes a problem of the builder.
void read_registered(std::span<const RegisteredRecord> records, RegistryBuilder& builder);

}  // namespace almanac::source
