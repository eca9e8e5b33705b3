#include "registrations/registration.h"

#include <almanac/error.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "backoff.h"
#include "digest.h"
#include "inspect/json_text.h"
#include "model/duration.h"
#include "model/field_rules.h"
#include "source/field_reader.h"
#include "source/interpreter.h"
#include "source/json_tree.h"
#include "source/registry_builder.h"
#include "store/percent_encoding.h"

namespace almanac::registrations {

namespace {

using source::Node;
using std::chrono::seconds;

enum Field : std::size_t { kRegistrant, kLease, kWritten, kService, kFields };
constexpr std::array<std::string_view, kFields> kNames = {"registrant", "lease", "written", "service"};

constexpr std::string_view kEnding = ".json";
// In bytes, encoded. A file may be named by 255 of them, and a key of S3 has 1,024.
constexpr std::size_t kLongestSegment = 160;
constexpr std::size_t kBeginning = 120;

std::string encoded(std::string_view name) {
  const std::size_t dots = std::min(name.find_first_not_of('.'), name.size());
  std::string text;
  // Of a directory, what begins with a dot is no key: "." and ".." lead out of it, and the rest is hidden.
  for (std::size_t i = 0; i < dots; ++i) text += "%2E";
  for (const char c : internal::percent_encode(name.substr(dots))) {
    if (c == '~') {
      text += "%7E";
    } else {
      text += c;
    }
  }
  return text;
}

std::string segment(std::string_view name) {
  std::string text = encoded(name);
  if (text.size() <= kLongestSegment) return text;
  std::size_t end = kBeginning;
  for (const std::size_t back : {1U, 2U}) {
    if (text[kBeginning - back] == '%') end = kBeginning - back;
  }
  text.resize(end);
  return text + '~' + internal::to_hex(internal::digest_of(std::as_bytes(std::span(name))));
}

std::string last_segment(std::string_view registrant) { return segment(registrant).append(kEnding); }

// Where a line and column of `text` are.
std::size_t offset_of(std::string_view text, const Node& node) {
  std::size_t start = 0;
  for (std::uint32_t line = 1; line < node.line; ++line) start = text.find('\n', start) + 1;
  return start + node.column - 1;
}

// The JSON object that begins `text`, which is known to be valid, without the blanks and line breaks outside of strings.
std::string object_without_blanks(std::string_view text) {
  std::string object;
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      object += c;
      if (c == '\\') {
        object += text[++i];
      } else if (c == '"') {
        in_string = false;
      }
      continue;
    }
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
    object += c;
    in_string = c == '"';
    if (c == '{') ++depth;
    if (c == '}' && --depth == 0) break;
  }
  return object;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : size_(text.size()), padded_(text) { padded_.append(source::JsonTree::kPadding, '\0'); }

  // Nothing when there is a problem.
  std::optional<Registration> read() {
    try {
      const Node& root = tree_.parse(text());
      if (fields_.expect(root, Node::Kind::mapping, {}, "a registration must be an object with a registrant and a service")) read(root);
    } catch (const source::SyntaxFault& fault) {
      builder_.report({0, fault.line, fault.column}, fault.what);
    }
    problems_ = builder_.take_problems();
    if (!problems_.empty()) return std::nullopt;
    return std::move(registration_);
  }

  // What was wrong first.
  [[nodiscard]] std::string problem() const {
    const model::Problem& first = problems_.front();
    return first.message + " (line " + std::to_string(first.location.line) + ", column " + std::to_string(first.location.column) + ")";
  }

 private:
  [[nodiscard]] std::string_view text() const noexcept { return std::string_view(padded_).substr(0, size_); }

  void read(const Node& root) {
    std::array<const Node*, kFields> values = {};
    fields_.collect(root, kNames, values, {});
    for (const Field needed : {kRegistrant, kService}) {
      if (values[needed] == nullptr) fields_.problem(root, {}, std::string("a registration needs a ").append(kNames[needed]));
    }
    registration_.registrant = fields_.text(values[kRegistrant], kNames[kRegistrant], model::registrant_fault, {});
    registration_.lease = fields_.parsed(values[kLease], kNames[kLease], parse_lease, kLeaseForm, {});
    if (values[kService] != nullptr) service(*values[kService]);
  }

  void service(const Node& node) {
    interpreter_.record(node);
    if (builder_.problems() != 0) return;
    const model::Registry registry = builder_.take_registry();
    if (registry.namespaces.size() != 1 || registry.namespaces.front().services.size() != 1) {
      fields_.problem(node, {}, "the service of a registration must be one, with its namespace and name");
      return;
    }
    registration_.namespace_name = registry.namespaces.front().name;
    registration_.name = registry.namespaces.front().services.front().name;
    registration_.record = object_without_blanks(text().substr(offset_of(text(), node)));
  }

  std::size_t size_;
  std::string padded_;
  source::JsonTree tree_;
  source::RegistryBuilder builder_;
  std::uint32_t file_ = builder_.add_file({});
  source::FieldReader fields_{builder_, file_};
  source::Interpreter interpreter_{builder_, file_};
  Registration registration_;
  model::Problems problems_;
};

}  // namespace

std::string registration_key(std::string_view namespace_name, std::string_view name, std::string_view registrant) {
  return std::string(kPrefix) + segment(namespace_name) + '/' + segment(name) + '/' + last_segment(registrant);
}

std::string service_of_key(std::string_view key) {
  if (key.starts_with(kPrefix)) key.remove_prefix(kPrefix.size());
  const std::size_t end = key.rfind('/');
  return internal::percent_decode(key.substr(0, end)).value_or(std::string(key));
}

bool is_key_of(std::string_view key, std::string_view registrant) { return key.ends_with('/' + last_segment(registrant)); }

std::string encode(const Registration& registration) {
  std::string text;
  inspect::JsonText json(text);
  json.begin_object().key("registrant").string(registration.registrant);
  if (registration.lease) json.key("lease").string(lease_text(*registration.lease));
  json.key("written").string(internal::to_hex({internal::random_bits(), internal::random_bits()})).key("service");
  text += registration.record;
  json.end_object().end_line();
  if (text.size() > kMaxSize) {
    throw Error(ErrorCode::kLimitExceeded, registration_key(registration.namespace_name, registration.name, registration.registrant),
                "would have " + std::to_string(text.size()) + " bytes, and a registration has at most " + std::to_string(kMaxSize));
  }
  return text;
}

Registration parse_registration(std::string_view text, const std::string& object) {
  Reader reader(text);
  if (auto registration = reader.read()) return *std::move(registration);
  throw Error(ErrorCode::kCorrupt, object, reader.problem());
}

std::optional<seconds> parse_lease(std::string_view text) noexcept {
  const auto lease = model::parse_duration(text);
  if (!lease || *lease % seconds(1) != std::chrono::milliseconds(0)) return std::nullopt;
  return std::chrono::duration_cast<seconds>(*lease);
}

std::string lease_text(seconds lease) {
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 60 * kMinute;
  const std::int64_t count = lease.count();
  if (count % kHour == 0) return std::to_string(count / kHour) + 'h';
  return count % kMinute == 0 ? std::to_string(count / kMinute) + 'm' : std::to_string(count) + 's';
}

}  // namespace almanac::registrations
