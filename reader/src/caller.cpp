#include <almanac/caller.h>

#include <utility>

namespace almanac {

namespace {

constexpr char kSeparator = ',';
constexpr char kEquals = '=';
constexpr char kEscape = '\\';

bool needs_escape(char c) noexcept { return c == kSeparator || c == kEscape; }

bool has_blanks_around(std::string_view name) noexcept { return name.front() == ' ' || name.back() == ' '; }

[[noreturn]] void refuse(const std::string& object, std::string_view text, const std::string& problem) {
  throw Error(ErrorCode::kInvalidArgument, object,
              problem + "; it takes NAME=VALUE,NAME=VALUE with a backslash before a comma or backslash of a value, got \"" +
                  std::string(text) + "\"");
}

// Takes the text up to the next separator off the front, without its escapes.
std::string take_property(std::string_view& rest, std::string_view text, const std::string& object) {
  std::string property;
  while (!rest.empty() && rest.front() != kSeparator) {
    if (rest.front() == kEscape) {
      rest.remove_prefix(1);
      if (rest.empty() || !needs_escape(rest.front())) refuse(object, text, "has a backslash before something else");
    }
    property += rest.front();
    rest.remove_prefix(1);
  }
  return property;
}

void append_escaped(std::string& to, std::string_view text) {
  for (const char c : text) {
    if (needs_escape(c)) to += kEscape;
    to += c;
  }
}

}  // namespace

Caller Caller::parse(std::string_view text, const std::string& object) {
  Caller caller;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string property = take_property(rest, text, object);
    const std::size_t equals = property.find(kEquals);
    if (equals == 0 || equals == std::string::npos) refuse(object, text, "\"" + property + "\" is no property");
    const std::string name = property.substr(0, equals);
    const std::string_view value = std::string_view(property).substr(equals + 1);
    if (has_blanks_around(name)) refuse(object, text, "\"" + name + "\" has blanks around it");
    if (value.empty()) refuse(object, text, "\"" + name + "\" has no value");
    if (!caller.get(name).empty()) refuse(object, text, "gives \"" + name + "\" twice");
    caller.set(name, value);
    if (rest.size() == 1) refuse(object, text, "a property is missing behind the last comma");
    if (!rest.empty()) rest.remove_prefix(1);
  }
  return caller;
}

Caller& Caller::set(std::string_view name, std::string_view value) {
  const auto has = [](std::string_view text, char c) { return text.find(c) != std::string_view::npos; };
  if (name.empty() || has(name, kEquals) || has_blanks_around(name) || has(name, '\0') || has(value, '\0')) {
    throw Error(ErrorCode::kInvalidArgument, "property \"" + std::string(name) + "\" of a caller",
                "its name must not be empty, have a = or blanks around it, and neither name nor value may have a NUL");
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
    append_escaped(text, name);
    text += kEquals;
    append_escaped(text, value);
  }
  return text;
}

}  // namespace almanac
