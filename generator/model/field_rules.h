// The rules for single values: what may stand in a name, a uri, a weight, …
//
// Each returns what is wrong ("uri has no scheme; …"), to be read after the name of the record, or
// nothing when all is well. They know neither documents nor places.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace almanac::model {

using Fault = std::optional<std::string>;

// Names: UTF-8 without control characters, no empty path segment.
[[nodiscard]] Fault registry_name_fault(std::string_view name);
[[nodiscard]] Fault namespace_name_fault(std::string_view name);
[[nodiscard]] Fault service_name_fault(std::string_view name);

// One line of text, which may be empty.
[[nodiscard]] Fault revision_fault(std::string_view revision);
[[nodiscard]] Fault pin_reason_fault(std::string_view reason);

// RFC 3986: a scheme, ":" and something after it; no space and no control character.
[[nodiscard]] Fault uri_fault(std::string_view uri);
[[nodiscard]] bool has_scheme(std::string_view uri) noexcept;

// Semantic Versioning 2.0.0, https://semver.org/spec/v2.0.0.html, with numbers that a version range of the reader can hold.
[[nodiscard]] Fault version_fault(std::string_view version);

// One line of text, not empty.
[[nodiscard]] Fault zone_fault(std::string_view zone);
[[nodiscard]] Fault tag_fault(std::string_view tag);
[[nodiscard]] Fault attribute_key_fault(std::string_view key);

// Of a rule about callers: one line of text, not empty, as Caller::set() takes it; and a pattern of schema/FORMAT.md, "Caller rules".
[[nodiscard]] Fault property_fault(std::string_view name);
[[nodiscard]] Fault pattern_fault(std::string_view pattern);

// Who registered a service: one line of text, not empty.
[[nodiscard]] Fault registrant_fault(std::string_view registrant);

// Any text: several lines, or none.
[[nodiscard]] Fault attribute_value_fault(std::string_view value);
[[nodiscard]] Fault value_fault(std::string_view value);
[[nodiscard]] Fault description_fault(std::string_view description);

// The weight that `text` writes: decimal digits without a sign or leading zeros, 0 to 65535.
[[nodiscard]] std::optional<std::uint16_t> weight_of(std::string_view text) noexcept;
[[nodiscard]] Fault weight_fault(std::string_view text);

}  // namespace almanac::model
