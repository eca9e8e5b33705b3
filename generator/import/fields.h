// Takes the fields of one mapping, and tells of those that nobody took.
//
//   Fields parameter(node, "Parameters[]", collector);
//   const Node* name = parameter.required("Name");
//   parameter.rest();                                  // every other field is dropped, by its path
//
// What an importer does not ask for is so reported, whatever the neighbour adds to its format. A field whose value is null
// counts as absent.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "import/collector.h"
#include "source/node.h"

namespace almanac::importing {

class Fields {
 public:
  // `path` names the mapping in reports, "" for the root. A node that is no mapping is a problem, and has no fields.
  Fields(const Node& node, std::string path, Collector& collector);

  // The value, and with it the field is taken; null when there is none.
  [[nodiscard]] const Node* find(std::string_view key);

  // The same for a text, number or boolean; anything else is a problem.
  [[nodiscard]] const Node* scalar(std::string_view key);
  [[nodiscard]] const Node* required(std::string_view key);   // and must be there
  [[nodiscard]] std::string_view text(std::string_view key);  // empty when there is none

  // What any input of the format has one of; without any it is a problem, whatever else it holds.
  void need_one_of(std::initializer_list<std::string_view> keys);

  // Whether it is there and not false: a mark that is not understood counts.
  [[nodiscard]] bool is_true(std::string_view key);

  // Calls `take` for each item of a list with the path of the items, "Parameters[]".
  void for_each(std::string_view key, const std::function<void(const Node& item, const std::string& path)>& take);
  // The same for each key and value of a mapping; a key that comes again is a problem.
  void for_each_pair(std::string_view key, const std::function<void(const Node& key, const Node& value)>& take);

  [[nodiscard]] std::string path_of(std::string_view key) const;
  [[nodiscard]] const Node& node() const noexcept { return node_; }

  // Drops every field that was not taken.
  void rest();

 private:
  void wrong_kind(const Node& node, std::string_view what, std::string_view expected);

  const Node& node_;
  std::string path_;
  Collector& collector_;
  std::vector<bool> taken_;  // of each pair
};

// For importers that ask whether an input can be theirs. All are false for what is no mapping.
[[nodiscard]] const Node* member(const Node& node, std::string_view key) noexcept;
[[nodiscard]] bool has_list(const Node& node, std::string_view key) noexcept;
[[nodiscard]] bool has_text(const Node& node, std::string_view key) noexcept;
[[nodiscard]] bool has_mapping(const Node& node, std::string_view key) noexcept;

}  // namespace almanac::importing
