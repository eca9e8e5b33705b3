// Registry documents of any bytes: read, validated, resolved. The first byte chooses the language.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "demand_registry.h"
#include "model/caller_checks.h"
#include "model/inherit.h"
#include "model/problem.h"
#include "model/validate.h"
#include "source/byte_source.h"
#include "source/interpreter.h"
#include "source/json_source.h"
#include "source/jsonl_source.h"
#include "source/registry_builder.h"
#include "source/yaml_source.h"

using namespace almanac;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr std::array kReaders = {source::read_yaml, source::read_json, source::read_json_lines};
  source::TextSource text(std::string_view(reinterpret_cast<const char*>(data) + 1, size - 1));
  source::RegistryBuilder builder;
  source::Interpreter interpreter(builder, builder.add_file("fuzzed"));
  kReaders[data[0] % kReaders.size()](text, interpreter);
  model::Registry registry = builder.take_registry();
  model::Problems problems = builder.take_problems();
  model::validate(registry, problems);
  model::check_callers(registry, problems);
  model::resolve_inheritance(registry, problems);
  for (const auto& problem : problems) fuzz::demand_printable(problem);
  if (problems.empty()) fuzz::demand_valid(registry);
  return 0;
}
