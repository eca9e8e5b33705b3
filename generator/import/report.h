// What an import did not carry over, each kind told once with its first place and a count.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/location.h"

namespace almanac::importing {

class Report {
 public:
  // A field by its path; what a format means to be left out, and secrets that may be; what an option asked to change and did not;
  // and anything else to know.
  enum class Kind : std::uint8_t { dropped, left_out, kept, note };

  void add(Kind kind, std::string_view what, const model::Location& at);

  // Fields, not kinds of them.
  [[nodiscard]] std::uint64_t dropped() const noexcept;

  // A line a kind, in the order of their first places; `files` as in model::Registry.
  void print(std::ostream& out, std::span<const std::string> files) const;

 private:
  struct Entry {
    Kind kind;
    std::string what;
    model::Location first;
    std::uint64_t count;
  };
  std::vector<Entry> entries_;
  std::map<std::pair<Kind, std::string>, std::size_t> places_;  // in entries_
};

}  // namespace almanac::importing
