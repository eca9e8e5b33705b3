#include "aws_profile.h"

#include <almanac/error.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "ascii.h"
#include "byte_source.h"

namespace almanac::internal {

namespace {

constexpr std::string_view kSpaces = " \t\r";
constexpr std::uint64_t kMostBytesOfFile = 1024 * 1024;

// A comment is a line of its own, or begins behind a space.
std::string_view without_comment(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if ((line[i] == '#' || line[i] == ';') && (i == 0 || kSpaces.find(line[i - 1]) != std::string_view::npos)) return line.substr(0, i);
  }
  return line;
}

class Parser {
 public:
  explicit Parser(const std::string& name) : name_(name) {}

  void take(std::string_view line) {
    ++number_;
    const std::size_t indent = line.find_first_not_of(kSpaces);
    line = trimmed(without_comment(line));
    if (line.empty()) return;
    if (line.front() == '[') return begin_section(line);
    if (setting_indent_ && indent > *setting_indent_) return;
    take_setting(line);
    setting_indent_ = indent;
  }

  [[nodiscard]] Profiles finish() && { return std::move(profiles_); }

 private:
  // Never the line itself: it may hold a secret.
  [[noreturn]] void fail(std::string_view problem) const {
    throw Error(ErrorCode::kInvalidArgument, name_ + ":" + std::to_string(number_), problem);
  }

  void begin_section(std::string_view line) {
    if (line.back() != ']') fail("a section's name needs a \"]\" behind it");
    std::string section;
    // [profile  "dev"] is [profile dev].
    for (const char c : trimmed(line.substr(1, line.size() - 2))) {
      const bool space = kSpaces.find(c) != std::string_view::npos;
      if (c == '"' || (space && section.ends_with(' '))) continue;
      section += space ? ' ' : c;
    }
    if (section.empty()) fail("a section has no name");
    profile_ = &profiles_[section];
    setting_indent_.reset();
  }

  void take_setting(std::string_view line) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) fail("is neither \"[profile]\" nor \"name = value\"");
    if (profile_ == nullptr) fail("a setting stands before the first \"[profile]\"");
    const std::string setting = lower_case(trimmed(line.substr(0, equals)));
    if (setting.empty()) fail("a setting has no name");
    (*profile_)[setting] = trimmed(line.substr(equals + 1));
  }

  const std::string& name_;
  std::size_t number_ = 0;
  Profiles profiles_;
  Profile* profile_ = nullptr;
  std::optional<std::size_t> setting_indent_;  // of the last setting of the section
};

std::string path_from(const Environment& environment, std::string_view variable, std::string_view file) {
  const std::string home(environment.get("HOME"));
  std::string_view path = environment.get(variable);
  if (path.empty()) return home.empty() ? std::string() : home + "/.aws/" + std::string(file);
  if (path.starts_with("~/") && !home.empty()) return home + std::string(path.substr(1));
  return std::string(path);
}

}  // namespace

Profiles parse_profiles(std::string_view text, const std::string& name) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Parser parser(name);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    parser.take(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::move(parser).finish();
}

std::string read_small_file(const std::string& path) {
  const std::unique_ptr<ByteSource> file = open_file(path);
  if (file->size() > kMostBytesOfFile) throw Error(ErrorCode::kLimitExceeded, path, "has over 1 MiB");
  std::string text(static_cast<std::size_t>(file->size()), '\0');
  file->read(0, std::as_writable_bytes(std::span(text)));
  return text;
}

Profiles read_profiles(const std::string& path) {
  if (path.empty()) return {};
  try {
    return parse_profiles(read_small_file(path), path);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNotFound) throw;
    return {};
  }
}

std::string credentials_path(const Environment& environment) {
  return path_from(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
}

std::string config_path(const Environment& environment) { return path_from(environment, "AWS_CONFIG_FILE", "config"); }

std::string config_section(std::string_view profile) {
  return profile == "default" ? std::string(profile) : "profile " + std::string(profile);
}

std::string_view profile_name(const Environment& environment) noexcept {
  const std::string_view profile = environment.get("AWS_PROFILE");
  return profile.empty() ? std::string_view("default") : profile;
}

}  // namespace almanac::internal
