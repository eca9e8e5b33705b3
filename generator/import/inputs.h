// The inputs of an import, read into memory and made into trees.
#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "import/importer.h"
#include "model/arena.h"
#include "model/problem.h"
#include "source/byte_source.h"
#include "source/json_tree.h"
#include "source/whole_document.h"

namespace almanac::importing {

class Inputs {
 public:
  // Each is made into the trees that `syntax` says; without one (the format is still to be recognised) into what it can be: JSON when
  // it begins as JSON does, else YAML, else none. What is no document of its syntax is a problem.
  explicit Inputs(std::optional<Syntax> syntax) noexcept : syntax_(syntax) {}
  Inputs(const Inputs&) = delete;
  Inputs& operator=(const Inputs&) = delete;

  // `name` is for messages. Throws SourceError as `source` does.
  void add(const std::string& name, source::ByteSource& source);

  [[nodiscard]] std::span<const Input> all() const noexcept { return inputs_; }
  // Locations are those of all().
  [[nodiscard]] model::Problems take_problems() noexcept { return std::move(problems_); }

 private:
  // What an input borrows from; these stay where they are.
  struct Bytes {
    source::WholeDocument whole;
    source::JsonTree json;
    model::Arena arena;
    std::vector<source::Node> documents;
  };

  void parse(Input& input, Bytes& bytes) const;
  static void parse_yaml(Input& input, Bytes& bytes);

  std::optional<Syntax> syntax_;
  std::deque<Bytes> bytes_;
  std::vector<Input> inputs_;
  model::Problems problems_;
};

}  // namespace almanac::importing
