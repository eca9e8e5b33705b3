// The items of a JSON array or object, one a line, so that a change is a line of a diff.
//
//   JsonText json(text);
//   json.begin_array();
//   JsonRows rows(text);
//   for (…) rows.next(), json.string(item);
//   rows.end();
//   json.end_array();
#pragma once

#include <string>

namespace almanac::inspect {

class JsonRows {
 public:
  // `text` must end in the opening bracket, when it has one.
  explicit JsonRows(std::string& text) noexcept : text_(text) {}

  void next() {
    text_ += is_empty_ ? "\n" : ",\n";
    is_empty_ = false;
  }
  void end() { text_ += is_empty_ ? "" : "\n"; }

 private:
  std::string& text_;
  bool is_empty_ = true;
};

}  // namespace almanac::inspect
