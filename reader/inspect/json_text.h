// JSON (RFC 8259) written compactly to the end of a string: no blanks, members in the order they are given.
//
//   JsonText json(out);
//   json.begin_object().key("name").string(name).key("weight").number(90).end_object().end_line();
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace almanac::inspect {

// Appends `text` in quotes. Only what JSON demands is escaped, so UTF-8 stays readable; a byte that
// is not part of well-formed UTF-8 becomes \ufffd, for JSON has no other way to carry it.
void append_json_string(std::string& out, std::string_view text);

class JsonText {
 public:
  // `out` must be empty or end where a value may begin: after a line, or after an opening bracket, comma or colon.
  explicit JsonText(std::string& out) noexcept : out_(out) {}

  JsonText& begin_object() { return open('{'); }
  JsonText& end_object() { return close('}'); }
  JsonText& begin_array() { return open('['); }
  JsonText& end_array() { return close(']'); }
  // `name` is one of the program's own words and needs no escaping.
  JsonText& key(std::string_view name);
  // The same for a name that comes from elsewhere.
  JsonText& member(std::string_view name);
  JsonText& string(std::string_view text);
  JsonText& number(std::uint64_t value);
  JsonText& boolean(bool value);
  // An array of them.
  template <typename Texts>
  JsonText& strings(const Texts& texts) {
    begin_array();
    for (const std::string_view text : texts) string(text);
    return end_array();
  }
  JsonText& end_line() { return close('\n'); }

 private:
  JsonText& open(char bracket);
  JsonText& close(char bracket);
  void separate();

  std::string& out_;
};

}  // namespace almanac::inspect
