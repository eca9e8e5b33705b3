// Where importers put what they find: services, and all that has no place in a registry.
//
//   Collector collector(options, importer, inputs);
//   collector.begin(inputs.front());
//   importer.read(input, collector);            // collector.add(record), collector.drop(…), collector.refuse_secret(…)
//   source::LoadResult loaded = collector.finish();
//   collector.report() …
//
// One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "import/importer.h"
#include "import/joined.h"
#include "import/options.h"
#include "import/record.h"
#include "import/report.h"
#include "source/field_reader.h"
#include "source/load.h"
#include "source/registry_builder.h"
#include "source/service_reader.h"

namespace almanac::importing {

class Collector {
 public:
  // Throws std::invalid_argument for a --namespace-from that `importer` does not offer, and when nothing says what the namespace
  // is; it tells what there is. All of them outlive the collector.
  Collector(const ImportOptions& options, const Importer& importer, std::span<const Input> inputs);
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  // What follows is from `input`, one of `inputs`, until it is called again. Before the first call nothing else may be.
  void begin(const Input& input);

  // A service. Its name is stripped, its namespace found, and every field held against the rules of documents.
  void add(const Record& record);

  // A field that a registry has no place for. `path` is its kind, told once with a count: "Parameters[].Version". A field that
  // says nothing (null, an empty text, list or mapping) is not told.
  void drop(const Node& at, std::string_view path);

  // Of options().ignored, what no field was dropped by.
  [[nodiscard]] std::vector<std::string> ignored_in_vain() const;

  // Gives the record its namespace when --namespace-from asks for this: `word` is that of a NamespaceSource, `key` what is behind its
  // colon. Whether it does: what is not asked for and has no other place is to be dropped.
  bool offer(Record& record, std::string_view word, std::string_view key, const Node& text) const;
  bool offer(Record& record, std::string_view word, const Node& text) const { return offer(record, word, {}, text); }
  [[nodiscard]] bool asks_for(std::string_view word, std::string_view key) const noexcept;

  // Something left out because the format means it so, told once a kind with a count: "an instance with a critical check".
  void leave_out(const Node& at, std::string_view kind);

  // What the user ought to know of how the input was read, told once a kind.
  void note(const Node& at, std::string_view what);

  // `name` is marked as secret, `why` by what: refused, or with --skip-secrets left out. The importer reads no further
  // into it; its value must reach no message.
  void refuse_secret(const Node& at, std::string_view name, std::string_view why);

  // What is wrong with the input itself, at a place of it. Throws source::TooManyProblems, as add() does.
  void problem(const Node& at, std::string what);

  [[nodiscard]] const ImportOptions& options() const noexcept { return options_; }

  // The text for as long as the import lasts.
  [[nodiscard]] std::string_view keep(std::string_view text) { return builder_.arena().copy(text); }

  // The registry, valid and resolved, or what is wrong; once, at the end.
  [[nodiscard]] source::LoadResult finish();

  [[nodiscard]] const Report& report() const noexcept { return report_; }

 private:
  // Where namespaces come from.
  struct Wanted {
    std::string_view word;  // of a NamespaceSource, or "path:"
    std::string_view key;
    std::size_t segment = 0;  // of path:N, from 1
  };

  [[nodiscard]] std::string_view stripped(const Node& name);
  // Takes the segment of path:N out of `name`. Empty when the record does not say.
  [[nodiscard]] std::string_view namespace_of(const Record& record, std::string_view& name);
  void join();
  [[nodiscard]] model::Service read_service(const Record& record, std::string_view name);
  void tell(const Node& at, Report::Kind kind, std::string_view what) { report_.add(kind, what, fields_->location(at)); }

  const ImportOptions& options_;
  std::span<const Input> inputs_;
  Wanted wanted_;
  source::RegistryBuilder builder_;
  model::Arena nodes_;  // of the records
  std::unique_ptr<source::FieldReader> fields_;
  std::unique_ptr<source::ServiceReader> services_;
  std::vector<Collected> collected_;
  std::size_t without_namespace_ = 0;
  model::Problem first_without_namespace_;
  Report report_;
  std::set<std::string_view> ignored_;  // of options_.ignored: there was such a field
};

}  // namespace almanac::importing
