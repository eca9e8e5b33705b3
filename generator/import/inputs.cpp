#include "import/inputs.h"

#include <string_view>

#include "source/syntax_fault.h"
#include "source/yaml_tree.h"

namespace almanac::importing {
namespace {

constexpr std::string_view kJsonBlanks = " \t\r\n";

bool begins_as_json(std::string_view text) {
  const std::size_t start = text.find_first_not_of(kJsonBlanks);
  return start != std::string_view::npos && (text[start] == '{' || text[start] == '[');
}

}  // namespace

void Inputs::add(const std::string& name, source::ByteSource& source) {
  Input& input = inputs_.emplace_back();
  input.name = name;
  Bytes& bytes = bytes_.emplace_back();
  try {
    bytes.whole = source::read_whole(source, source::JsonTree::kPadding);
    input.text = bytes.whole.text();
    parse(input, bytes);
  } catch (const source::SyntaxFault& fault) {
    problems_.push_back({{static_cast<std::uint32_t>(inputs_.size() - 1), fault.line, fault.column}, fault.what});
  }
}

void Inputs::parse(Input& input, Bytes& bytes) const {
  if (syntax_ == Syntax::text) return;
  if (syntax_ == Syntax::json || begins_as_json(input.text)) {
    try {
      input.values = bytes.json.parse_all(input.text);
      input.syntax = Syntax::json;
      return;
    } catch (const source::SyntaxFault&) {
      // Mappings of YAML may begin as those of JSON; but who writes brackets mostly means JSON, and wants to know what is wrong with it.
      if (syntax_ == Syntax::json) throw;
      try {
        return parse_yaml(input, bytes);
      } catch (const source::SyntaxFault&) {
      }
      throw;
    }
  }
  if (syntax_) return parse_yaml(input, bytes);
  if (input.text.find_first_not_of(kJsonBlanks) == std::string_view::npos) throw source::SyntaxFault{1, 1, "the input is empty"};
  try {
    parse_yaml(input, bytes);
  } catch (const source::SyntaxFault&) {
    // Text, then.
  }
}

void Inputs::parse_yaml(Input& input, Bytes& bytes) {
  std::vector<source::Node> documents;
  source::parse_yaml(std::string(input.text), 0, bytes.arena, [&](const source::Node& root) { documents.push_back(root); });
  bytes.documents = std::move(documents);
  input.values = bytes.documents;
  input.syntax = Syntax::yaml;
}

}  // namespace almanac::importing
