# almanac_documents: registry documents -> a model that is checked, resolved and sorted.
# Included by this folder's CMakeLists.txt; expects simdjson and yaml-cpp to be found, almanac_text of reader/inspect, the
# plain text for people and machines that both programs print, and what the reader has for the rules of callers.

add_library(almanac_documents STATIC
  model/arena.cpp
  model/caller_checks.cpp
  model/caller_property.cpp
  model/duration.cpp
  model/encoding.cpp
  model/field_rules.cpp
  model/inherit.cpp
  model/namespace_names.cpp
  model/pattern_inclusion.cpp
  model/places.cpp
  model/quoted.cpp
  model/rollout_kinds.cpp
  model/validate.cpp
  progress/progress.cpp
  progress/store_progress.cpp
  source/byte_source.cpp
  source/caller_rules_reader.cpp
  source/documents.cpp
  source/field_reader.cpp
  source/interner.cpp
  source/interpreter.cpp
  source/json_source.cpp
  source/json_tree.cpp
  source/jsonl_source.cpp
  source/load.cpp
  source/registry_builder.cpp
  source/rollout_reader.cpp
  source/service_reader.cpp
  source/whole_document.cpp
  source/yaml_source.cpp
  source/yaml_tree.cpp)
target_include_directories(almanac_documents PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(almanac_documents PUBLIC almanac_text almanac_reader_objects PRIVATE simdjson::simdjson yaml-cpp)
almanac_target(almanac_documents)
