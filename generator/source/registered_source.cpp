#include "source/registered_source.h"

#include <string>

#include "source/interpreter.h"
#include "source/json_tree.h"

namespace almanac::source {

void read_registered(std::span<const RegisteredRecord> records, RegistryBuilder& builder) {
  JsonTree tree;
  std::string padded;
  for (const RegisteredRecord& each : records) {
    padded.assign(each.record).append(JsonTree::kPadding, '\0');
    Interpreter interpreter(builder, builder.add_file(std::string(each.object)));
    try {
      interpreter.record(tree.parse(std::string_view(padded).substr(0, each.record.size())));
    } catch (const SyntaxFault& fault) {
      interpreter.report(fault.line, fault.column, fault.what);
    }
  }
}

}  // namespace almanac::source
