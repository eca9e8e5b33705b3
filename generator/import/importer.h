// What reads one neighbour's format, and the table of them all.
//
// An importer is a file of its own that defines one Importer and stands in one line of importer.cpp. It reads one input
// at a time, or all together, and hands what it finds to a Collector (collector.h): records of services, fields it has no place for, secrets.
// It judges structure alone; the rules of names, uris and weights are applied to the records, as those of documents are.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "source/node.h"

namespace almanac::importing {

class Collector;

enum class Syntax : std::uint8_t {
  json,  // RFC 8259 values, one after another
  yaml,  // YAML documents; an importer that takes these takes JSON too
  text   // neither: Input::text alone
};

// One file, or standard input. All of it is borrowed, and lives as long as the import.
struct Input {
  std::string name;                      // for messages
  Syntax syntax = Syntax::text;          // what its trees were made from
  std::string_view text;                 // all of it, behind a byte order mark; UTF-8 where it was made into trees
  std::span<const source::Node> values;  // the roots of its trees; none when it is text
};

// What --namespace-from can name.
struct NamespaceSource {
  std::string_view word;     // "namespace"; with an argument "tag:", after which the user writes the key
  std::string_view meaning;  // for --help: "the stack's tag KEY"
  bool natural = false;      // taken when the command line says nothing
};

struct Importer {
  std::string_view name;     // the word FORMAT
  std::string_view purpose;  // for --help: what prints it
  Syntax syntax = Syntax::json;
  std::span<const NamespaceSource> namespaces;  // besides "path:N", which all have

  bool plain = false;  // keys and values alone, which may be anything: never taken unless it is named

  // Whether `input`, by its structure, can be this format's: an empty page still can. What fits several formats is for the user
  // to name. Not asked about an input of a syntax that it does not take.
  bool (*fits)(const Input& input) = nullptr;

  // Whether `input` is certain to hold a secret by a mark of this format: no plain format may take it then. Null: the format has no such
  // mark, or shows no value behind it.
  bool (*holds_secret)(const Input& input) = nullptr;

  // May throw source::SyntaxFault when it reads text.
  void (*read)(const Input& input, Collector& collector) = nullptr;
  // Instead of `read`, where one input can change what another means: all of them at once. Calls Collector::begin() itself.
  void (*read_together)(std::span<const Input> inputs, Collector& collector) = nullptr;
};

// In the order of --help.
[[nodiscard]] std::span<const Importer* const> importers() noexcept;

// Null when there is none of that name.
[[nodiscard]] const Importer* find_importer(std::string_view name) noexcept;

}  // namespace almanac::importing
