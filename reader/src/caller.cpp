#include <almanac/caller.h>

#include <utility>

namespace almanac {

namespace {

constexpr char kSeparator = ',';
constexpr char kEscape = '\\';

[[noreturn]] void refuse(const std::string& object, std::string_view text, std::string_view problem) {
  throw Error(ErrorCode::kInvalidArgument, object,
              std::string(problem) + "; it takes NAME=VALUE,NAME=VALUE with a backslash before a comma or backslash of a value, got \"" +
                  std::string(text) + "\"");
}

// The text up to the next separator, which is taken off too, without its escapes.
std::string take_property(std::string_view& rest) {
  std::string property;
  while (!rest.empty() && rest.front() != kSeparator) {
    if (rest.front() == kEscape && rest.size() > 1) rest.remove_prefix(1);
    property += rest.front();
    rest.remove_prefix(1);
  }
  return property;
}

}  // namespace

Caller Caller::parse(std::string_view text, const std::string& object) {
  Caller caller;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string property = take_property(rest);
    const std::size_t equals = property.find('=');
    if (equals == 0 || equals == std::string::npos) refuse(object, text, "\"" + property + "\" is no property");
    const std::string_view name = std::string_view(property).substr(0, equals);
    if (!caller.get(name).empty()) refuse(object, text, "gives \"" + std::string(name) + "\" twice");
    caller.set(name, std::string_view(property).substr(equals + 1));
    if (rest.size() == 1) refuse(object, text, "a property is missing behind the last comma");
    if (!rest.empty()) rest.remove_prefix(1);
  }
  return caller;
}

Caller& Caller::set(std::string_view name, std::string_view value) {
  if (name.empty() || name.find('\0') != std::string_view::npos || value.find('\0') != std::string_view::npos) {
    throw Error(ErrorCode::kInvalidArgument, "property \"" + std::string(name) + "\" of a caller",
                "its name must not be empty, and no NUL can be in its name or value");
  }
  if (value.empty()) {
    properties_.erase(std::string(name));
  } else {
    properties_.insert_or_assign(std::string(name), std::string(value));
  }
  return *this;
}

Caller& Caller::set(const Caller& other) {
  for (const auto& [name, value] : other.properties_) properties_.insert_or_assign(name, value);
  return *this;
}

std::string_view Caller::get(std::string_view name) const noexcept {
  const auto found = properties_.find(name);
  return found == properties_.end() ? std::string_view() : std::string_view(found->second);
}

std::string Caller::text() const {
  std::string text;
  for (const auto& [name, value] : properties_) {
    if (!text.empty()) text += kSeparator;
    text.append(name).append(1, '=');
    for (const char c : value) {
      if (c == kSeparator || c == kEscape) text += kEscape;
      text += c;
    }
  }
  return text;
}

}  // namespace almanac
