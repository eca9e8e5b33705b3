#include "source/json_source.h"

#include "source/json_tree.h"
#include "source/whole_document.h"

namespace almanac::source {

void read_json(ByteSource& bytes, Interpreter& interpreter) {
  const auto whole = read_document(bytes, interpreter, JsonTree::kPadding);
  if (!whole) return;
  JsonTree tree;
  try {
    interpreter.document(tree.parse(whole->text()));
  } catch (const SyntaxFault& fault) {
    interpreter.report(fault.line, fault.column, fault.what);
  }
}

}  // namespace almanac::source
