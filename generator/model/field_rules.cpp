#include "model/field_rules.h"

#include <algorithm>
#include <charconv>

#include "caller_rules.h"
#include "control_characters.h"
#include "glob.h"
#include "model/encoding.h"
#include "model/limits.h"
#include "model/quoted.h"
#include "semantic_version.h"
#include "store/ascii.h"

namespace almanac::model {
namespace {

std::string with(std::string_view what, std::string_view wrong) { return std::string(what).append(wrong); }

Fault size_fault(std::string_view what, std::string_view text, std::size_t least, std::size_t most) {
  if (text.size() >= least && text.size() <= most) return std::nullopt;
  if (text.empty()) return with(what, " must not be empty");
  return with(what, " must be at most ") + std::to_string(most) + " bytes, got " + std::to_string(text.size());
}

Fault encoding_fault(std::string_view what, std::string_view text) {
  if (first_invalid_utf8(text)) return with(what, " must be UTF-8, got ") + quoted(text);
  if (text.find('\0') != std::string_view::npos) {
    return with(what, " must not hold the character U+0000, got ") + quoted(text);
  }
  return std::nullopt;
}

Fault text_fault(std::string_view what, std::string_view text, std::size_t most) {
  if (auto fault = size_fault(what, text, 0, most)) return fault;
  return is_plain(text) ? std::nullopt : encoding_fault(what, text);
}

Fault line_fault(std::string_view what, std::string_view text, std::size_t least, std::size_t most) {
  if (auto fault = size_fault(what, text, least, most)) return fault;
  if (is_plain(text)) return std::nullopt;
  if (auto fault = encoding_fault(what, text)) return fault;
  if (internal::has_control(text)) return with(what, " must not hold control characters, got ") + quoted(text);
  return std::nullopt;
}

Fault name_fault(std::string_view what, std::string_view name, std::size_t most) {
  if (auto fault = line_fault(what, name, 1, most)) return fault;
  if (name.front() == '/') return with(what, " must not begin with \"/\", got ") + quoted(name);
  if (name.back() == '/') return with(what, " must not end with \"/\", got ") + quoted(name);
  if (name.find("//") != std::string_view::npos) {
    return with(what, " must not have an empty part between two \"/\", got ") + quoted(name);
  }
  return std::nullopt;
}

// RFC 3986, section 3.1.
std::size_t scheme_size(std::string_view uri) noexcept {
  if (uri.empty() || !internal::is_ascii_letter(uri.front())) return 0;
  const auto end =
      std::ranges::find_if_not(uri, [](char c) { return internal::is_ascii_alphanumeric(c) || c == '+' || c == '-' || c == '.'; });
  if (end == uri.end() || *end != ':') return 0;
  return static_cast<std::size_t>(end - uri.begin());
}

bool is_number(std::string_view text) {
  if (text.empty() || !std::ranges::all_of(text, internal::is_ascii_digit)) return false;
  return text.size() == 1 || text.front() != '0';
}

}  // namespace

Fault registry_name_fault(std::string_view name) { return name_fault("name of the registry", name, kMaxRegistryName); }
Fault namespace_name_fault(std::string_view name) { return name_fault("name of a namespace", name, kMaxNamespaceName); }
Fault service_name_fault(std::string_view name) { return name_fault("name of a service", name, kMaxServiceName); }
Fault revision_fault(std::string_view revision) { return line_fault("revision", revision, 0, kMaxRevision); }
Fault pin_reason_fault(std::string_view reason) { return line_fault("reason", reason, 0, kMaxPinReason); }
Fault registrant_fault(std::string_view registrant) { return line_fault("registrant", registrant, 1, kMaxRegistrant); }
Fault zone_fault(std::string_view zone) { return line_fault("zone", zone, 1, kMaxZone); }
Fault tag_fault(std::string_view tag) { return line_fault("tag", tag, 1, kMaxTag); }
Fault attribute_key_fault(std::string_view key) { return line_fault("key of an attribute", key, 1, kMaxAttributeKey); }
Fault attribute_value_fault(std::string_view value) { return text_fault("value of an attribute", value, kMaxAttributeValue); }
Fault value_fault(std::string_view value) { return text_fault("value", value, kMaxValue); }
Fault description_fault(std::string_view description) { return text_fault("description", description, kMaxDescription); }

Fault property_fault(std::string_view name) {
  if (auto fault = line_fault("property", name, 1, internal::kMaxPropertyName)) return fault;
  if (name.find('=') != std::string_view::npos) return "property must not hold \"=\", got " + quoted(name);
  if (name.front() == ' ' || name.back() == ' ') return "property must not begin or end with a blank, got " + quoted(name);
  return std::nullopt;
}

Fault pattern_fault(std::string_view pattern) {
  if (auto fault = size_fault("pattern", pattern, 1, internal::kMaxPattern)) return fault;
  if (auto fault = encoding_fault("pattern", pattern)) return fault;
  if (internal::is_glob(pattern)) return std::nullopt;
  return "pattern must not end with a lone \"\\\" (write \\\\ for the character itself), got " + quoted(pattern);
}

bool has_scheme(std::string_view uri) noexcept {
  const std::size_t size = scheme_size(uri);
  return size != 0 && size + 1 < uri.size();
}

Fault uri_fault(std::string_view uri) {
  if (auto fault = line_fault("uri", uri, 1, kMaxUri)) return fault;
  if (!has_scheme(uri)) {
    return "uri needs a scheme and something after it, as in \"https://host\" or \"arn:…\", got " + quoted(uri);
  }
  if (uri.find(' ') != std::string_view::npos) {
    return "uri must not hold spaces (write %20), got " + quoted(uri);
  }
  return std::nullopt;
}

Fault version_fault(std::string_view version) {
  if (auto fault = size_fault("version", version, 1, kMaxVersion)) return fault;
  if (internal::parse_version(version)) return std::nullopt;
  return "version must be semantic (MAJOR.MINOR.PATCH, as in 2.1.0 or 2.1.0-rc.1, numbers up to " +
         std::to_string(internal::kMaxVersionNumber) + "), got " + quoted(version);
}

std::optional<std::uint16_t> weight_of(std::string_view text) noexcept {
  if (!is_number(text)) return std::nullopt;
  long weight = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), weight);
  if (error != std::errc() || weight > kMaxWeight) return std::nullopt;
  return static_cast<std::uint16_t>(weight);
}

Fault weight_fault(std::string_view text) {
  if (weight_of(text)) return std::nullopt;
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  const bool integer = is_number(digits);
  return "weight must be 0 to " + std::to_string(kMaxWeight) + (integer ? ", got " : " in decimal digits, got ") +
         (integer && text.size() < 30 ? std::string(text) : quoted(text));
}

}  // namespace almanac::model
