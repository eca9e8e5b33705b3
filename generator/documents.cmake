# almanac_documents: registry documents -> a model that is checked, resolved and sorted.
# Included by this folder's CMakeLists.txt; expects simdjson and yaml-cpp to be found.

# Plain text for people and machines, shared with inspect-snapshot.
if(NOT TARGET almanac_text)
  set(inspect ${PROJECT_SOURCE_DIR}/reader/inspect)
  add_library(almanac_text STATIC
    ${inspect}/json_text.cpp
    ${inspect}/near_names.cpp
    ${inspect}/terminal_text.cpp
    ${inspect}/utf8.cpp)
  target_include_directories(almanac_text PUBLIC ${PROJECT_SOURCE_DIR}/reader)
  almanac_target(almanac_text)
endif()

add_library(almanac_documents STATIC
  model/arena.cpp
  model/encoding.cpp
  model/field_rules.cpp
  model/inherit.cpp
  model/places.cpp
  model/quoted.cpp
  model/validate.cpp
  source/byte_source.cpp
  source/documents.cpp
  source/field_reader.cpp
  source/interner.cpp
  source/interpreter.cpp
  source/json_source.cpp
  source/json_tree.cpp
  source/jsonl_source.cpp
  source/load.cpp
  source/progress.cpp
  source/registry_builder.cpp
  source/service_reader.cpp
  source/whole_document.cpp
  source/yaml_source.cpp)
target_include_directories(almanac_documents PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(almanac_documents PUBLIC almanac_text PRIVATE simdjson::simdjson yaml-cpp)
almanac_target(almanac_documents)
