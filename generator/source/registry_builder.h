// Collects what documents say, in whatever order, into one registry.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/problem.h"
#include "model/registry.h"
#include "source/interner.h"

namespace almanac::source {

// What RegistryBuilder::report() throws when it has had enough.
struct TooManyProblems {};

class RegistryBuilder {
 public:
  // Names and revisions that documents give the registry are compared with each other, and not at
  // all when `name_override` or `revision_override` takes their place.
  explicit RegistryBuilder(std::string name_override = {}, std::string revision_override = {});

  // The index that locations use for this file from now on.
  std::uint32_t add_file(std::string path);

  // Throws TooManyProblems, where stop_after() was called, at one more than that.
  void report(const model::Location& location, std::string message);
  // A small document may be wrong in very many ways.
  void stop_after(std::size_t problems) noexcept { most_problems_ = problems; }
  [[nodiscard]] std::size_t problems() const noexcept { return problems_.size(); }
  [[nodiscard]] std::string place(const model::Location& location) const;  // "prod.yaml:14:7"

  void set_name(std::string_view name, const model::Location& location);
  void set_revision(std::string_view revision, const model::Location& location);

  // The index of the namespace, which is made at its first mention.
  [[nodiscard]] std::size_t add_namespace(std::string_view name, const model::Location& location);
  void set_parents(std::size_t space, const std::vector<std::string_view>& parents, const model::Location& location);
  void add_service(std::size_t space, const model::Service& service);
  void set_caller_rules(std::vector<model::CallerRule> rules, const model::Location& location);

  [[nodiscard]] model::Arena& arena() noexcept { return *registry_.arena; }
  [[nodiscard]] Interner& interner() noexcept { return interner_; }
  [[nodiscard]] std::uint64_t services() const noexcept { return services_; }

  // What was collected; the builder is empty afterwards. Nothing is sorted, checked across records
  // or inherited yet.
  [[nodiscard]] model::Registry take_registry() noexcept { return std::move(registry_); }
  [[nodiscard]] model::Problems take_problems() noexcept { return std::move(problems_); }

 private:
  void set_once(std::string& field, std::optional<model::Location>& first, bool overridden, std::string_view what, std::string_view text,
                const model::Location& location);

  model::Registry registry_;
  model::Problems problems_;
  std::size_t most_problems_ = SIZE_MAX;
  Interner interner_;
  std::unordered_map<std::string_view, std::size_t> namespaces_;  // by name, keys in the arena
  std::size_t last_namespace_ = 0;
  std::uint64_t services_ = 0;
  bool name_overridden_;
  bool revision_overridden_;
  std::optional<model::Location> name_location_;
  std::optional<model::Location> revision_location_;
  std::optional<model::Location> caller_rules_location_;
};

}  // namespace almanac::source
