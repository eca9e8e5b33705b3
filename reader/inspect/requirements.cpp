#include "requirements.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

#include <almanac/version_range.h>

#include "control_characters.h"
#include "snapshot_data.h"
#include "store/ascii.h"
#include "utf8.h"

namespace almanac::inspect {
namespace {

constexpr std::size_t kMostBytes = std::size_t{16} << 20U;
constexpr std::size_t kMostVersions = 8;  // of a service, in a message
constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view without_blanks(std::string_view text) { return internal::trimmed(text, kBlanks); }

std::string_view without_comment(std::string_view text) {
  for (std::size_t at = text.find('#'); at != std::string_view::npos; at = text.find('#', at + 1)) {
    if (at == 0 || kBlanks.find(text[at - 1]) != std::string_view::npos) return text.substr(0, at);
  }
  return text;
}

// One line of the file, without its end.
class RequirementLine {
 public:
  RequirementLine(std::string_view text, std::string place) : rest_(without_blanks(text)), place_(std::move(place)) {}

  // Nothing: the line is empty, or a comment.
  [[nodiscard]] std::optional<Requirement> read() {
    expect_text();
    if (rest_.empty() || rest_.starts_with('#')) return std::nullopt;
    Requirement requirement;
    requirement.name = rest_.starts_with('"') ? take_quoted() : take_word();
    requirement.range = without_blanks(without_comment(rest_));
    try {
      static_cast<void>(VersionRange(requirement.range));
    } catch (const Error& error) {
      const bool is_word = internal::is_ascii_letter(requirement.range.front());
      fail(std::string(error.what()) + (is_word ? "; a name that has blanks stands in double quotes" : ""));
    }
    return requirement;
  }

 private:
  [[noreturn]] void fail(std::string_view problem) const { throw Error(ErrorCode::kInvalidArgument, place_, problem); }

  void expect_text() const {
    for (std::string_view rest = rest_; !rest.empty();) {
      const Character character = first_character(rest);
      if (!character.valid) fail("is not UTF-8");
      const bool is_tab = rest.front() == '\t';
      if (!is_tab && internal::has_control(rest.substr(0, character.size))) fail("holds a control character, which no name does");
      rest.remove_prefix(character.size);
    }
  }

  std::string take_word() {
    const std::string_view word = rest_.substr(0, rest_.find_first_of(kBlanks));
    rest_.remove_prefix(word.size());
    return std::string(word);
  }

  std::string take_quoted() {
    std::string name;
    for (std::size_t at = 1; at < rest_.size(); ++at) {
      if (rest_[at] == '"') {
        rest_.remove_prefix(at + 1);
        if (name.empty()) fail("has a name of no character");
        if (!rest_.empty() && kBlanks.find(rest_.front()) == std::string_view::npos) fail("a blank must follow the name in quotes");
        return name;
      }
      if (rest_[at] == '\\' && (++at == rest_.size() || (rest_[at] != '"' && rest_[at] != '\\'))) {
        fail("in a name in quotes only \" and \\ may follow a backslash");
      }
      name += rest_[at];
    }
    fail("a name in quotes has no end");
  }

  std::string_view rest_;
  std::string place_;
};

std::string name_of(const std::string& file) { return file == "-" ? "standard input" : file; }

std::string read_text(const std::string& file) {
  std::ifstream opened;
  if (file != "-") {
    opened.open(file, std::ios::binary);
    const ErrorCode code = errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kInputOutput;
    if (!opened) throw Error(code, file, std::generic_category().message(errno));
  }
  std::istream& in = file == "-" ? std::cin : opened;
  std::string text(kMostBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) throw Error(ErrorCode::kInputOutput, name_of(file), "cannot be read: " + std::generic_category().message(errno));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kMostBytes) throw Error(ErrorCode::kLimitExceeded, name_of(file), "is longer than 16 MiB");
  return text;
}

// An endpoint of weight 0 is one that nobody should call.
bool may_be_called(const Endpoint& endpoint) { return endpoint.weight() != 0; }

bool meets(const Service& service, const std::string& range) {
  if (range.empty() && service.value()) return true;
  const MatchingEndpoints matching = service.matching({.version = range});
  return std::any_of(matching.begin(), matching.end(), may_be_called);
}

std::vector<std::string_view> versions_of(const Service& service) {
  std::vector<std::string_view> versions;
  for (const Endpoint& endpoint : service.endpoints()) {
    const bool is_known = std::ranges::find(versions, endpoint.version()) != versions.end();
    if (may_be_called(endpoint) && !endpoint.version().empty() && !is_known) versions.push_back(endpoint.version());
    if (versions.size() == kMostVersions) break;
  }
  return versions;
}

}  // namespace

std::vector<Requirement> parse_requirements(std::string_view text, const std::string& file) {
  std::vector<Requirement> requirements;
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view content = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (content.ends_with('\r')) content.remove_suffix(1);
    if (auto requirement = RequirementLine(content, file + ":" + std::to_string(line)).read()) {
      requirement->line = line;
      requirements.push_back(*std::move(requirement));
    }
  }
  return requirements;
}

RequirementsReport check_requirements(const Snapshot& snapshot, const std::string& subject, const std::string& namespace_name,
                                      const std::string& file) {
  RequirementsReport report{snapshot, subject, name_of(file), {.namespace_name = namespace_name, .prefix = {}, .tags = {}}, 0, {}};
  const Namespace services = internal::open_checked(snapshot, namespace_name);
  std::vector<std::string> missing;
  for (Requirement& requirement : parse_requirements(read_text(file), report.file)) {
    ++report.requirements;
    const auto service = services.find(requirement.name);
    if (service && meets(*service, requirement.range)) continue;
    if (!service) missing.push_back(requirement.name);
    const std::vector<std::string_view> versions = service ? versions_of(*service) : std::vector<std::string_view>();
    report.unmet.push_back({std::move(requirement), service.has_value(), {}, versions});
  }
  if (report.requirements == 0) throw Error(ErrorCode::kInvalidArgument, report.file, "has no name in it: what is there to check?");
  if (missing.empty()) return report;
  GetReport looked_up = get(snapshot, missing, report.selection);
  auto miss = looked_up.misses.begin();
  for (UnmetRequirement& unmet : report.unmet) {
    if (!unmet.has_service) unmet.miss = std::move(*miss++);
  }
  return report;
}

}  // namespace almanac::inspect
