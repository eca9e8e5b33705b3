// Documents in, a registry out, or everything that is wrong with them. Start here.
//
//   progress::Progress silent;
//   const auto loaded = source::load_registry(sources, silent);
//   if (!loaded.problems.empty()) { source::print_problems(std::cerr, loaded); return 1; }
#pragma once

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/problem.h"
#include "model/registry.h"
#include "progress/progress.h"
#include "source/document_text.h"
#include "source/registered_source.h"

namespace almanac::source {

// What takes the place of anything the documents say; empty: they decide.
struct LoadOptions {
  std::string registry_name;
  std::string revision;
};

// With any problem the registry is not fit for use beyond its `files`, which problems refer to.
// Without, it is valid and resolved: every namespace has its inherited services, and everything
// whose order means nothing is in byte order.
struct LoadResult {
  model::Registry registry;
  model::Problems problems;  // in order of file, line and column
  // The index of a rule about callers: from it on a rule may never be reached though no problem says so, since there is too much to
  // compare. Nothing: all were compared.
  std::optional<std::size_t> first_rule_not_compared;
  std::vector<std::string> notes;  // what of the registered records does not count, and why; see model::merge_registered()
};

// Reads files and folders (see find_documents). Problems never stop it. Throws SourceError for what
// cannot be read at all, and std::bad_alloc.
[[nodiscard]] LoadResult load_registry(std::span<const std::string> sources, progress::Progress& progress, const LoadOptions& options = {});

// The same from memory, together with what is registered: `registered` ascends by registrants, and model::merge_registered() says what
// comes of it. A problem of such a record has its object for a file.
[[nodiscard]] LoadResult load_registry(std::span<const DocumentText> documents, std::span<const RegisteredRecord> registered,
                                       progress::Progress& progress, const LoadOptions& options = {});

// One line a problem: file:line:column: what, and what to do.
void print_problems(std::ostream& out, const LoadResult& loaded);

// "12 problems in 3 files", "1 problem in 1 file".
[[nodiscard]] std::string count_problems(const LoadResult& loaded);

}  // namespace almanac::source
