#include "source/yaml_source.h"

#include <utility>

#include "model/arena.h"
#include "source/whole_document.h"
#include "source/yaml_tree.h"

namespace almanac::source {

void read_yaml(ByteSource& bytes, Interpreter& interpreter) {
  auto whole = read_document(bytes, interpreter, 0);
  if (!whole) return;
  model::Arena arena;
  const auto take = [&](const Node& document) {
    interpreter.document(document);
    arena.reset();
  };
  try {
    parse_yaml(std::move(whole->bytes), whole->start, arena, take);
  } catch (const SyntaxFault& fault) {
    interpreter.report(fault.line, fault.column, fault.what);
  }
}

}  // namespace almanac::source
