#include "import/collector.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

#include "inspect/quantity.h"
#include "model/field_rules.h"
#include "model/inherit.h"
#include "model/places.h"
#include "model/quoted.h"
#include "model/validate.h"
#include "source/node_builder.h"
#include "store/ascii.h"

namespace almanac::importing {
namespace {

using internal::is_ascii_alphanumeric;
using Kind = Node::Kind;

constexpr std::string_view kPath = "path:";
// Nobody mends more before the next try.
constexpr std::size_t kMostProblems = 1000;

std::string_view without_slashes(std::string_view name) { return name.substr(std::min(name.find_first_not_of('/'), name.size())); }

std::string offered(const Importer& importer) {
  std::string all = "path:N";
  for (const NamespaceSource& source : importer.namespaces) {
    all.append(", ").append(source.word).append(source.word.ends_with(':') ? "KEY" : "");
  }
  return all;
}

bool says_nothing(const Node& node) {
  return node.kind == Kind::null || (node.kind == Kind::scalar ? node.text.empty() : node.items.empty());
}

Node container(Kind kind, const Node& at) {
  Node node;
  node.kind = kind;
  node.line = at.line;
  node.column = at.column;
  return node;
}

Node mapping_of(const Attributes& attributes, model::Arena& arena) {
  source::NodeBuilder nodes(arena);
  nodes.open(container(Kind::mapping, attributes.front().first));
  for (const auto& [key, value] : attributes) {
    nodes.add(key);
    nodes.add(value);
  }
  return nodes.close();
}

// Builds mappings and lists from their parts.
class TreeOfRecord {
 public:
  explicit TreeOfRecord(model::Arena& arena) : arena_(arena), nodes_(arena) {}

  const Node& endpoints(const std::vector<EndpointRecord>& endpoints, const Node& at) {
    nodes_.open(container(Kind::list, at));
    for (const EndpointRecord& endpoint : endpoints) add(endpoint);
    return nodes_.close();
  }

 private:
  void field(std::string_view key, const Node& value) {
    if (value.kind == Kind::null) return;
    nodes_.add(text_at(key, value));
    nodes_.add(value);
  }

  void add(const EndpointRecord& endpoint) {
    nodes_.open(container(Kind::mapping, endpoint.uri));
    field("uri", endpoint.uri);
    field("version", endpoint.version);
    field("zone", endpoint.zone);
    Node weight = endpoint.weight;
    weight.quoted = false;  // some neighbours write numbers as texts
    field("weight", weight);
    if (!endpoint.tags.empty()) {
      nodes_.add(text_at("tags", endpoint.tags.front()));
      nodes_.open(container(Kind::list, endpoint.tags.front()));
      for (const Node& tag : endpoint.tags) nodes_.add(tag);
      nodes_.close();
    }
    if (endpoint.shared != nullptr) {
      field("attributes", shared(*endpoint.shared));
    } else if (!endpoint.attributes.empty()) {
      field("attributes", mapping_of(endpoint.attributes, arena_));
    }
    nodes_.close();
  }

  // One mapping for all that share it.
  const Node& shared(const Attributes& attributes) {
    if (&attributes != shared_) shared_node_ = attributes.empty() ? Node() : mapping_of(attributes, arena_);
    shared_ = &attributes;
    return shared_node_;
  }

  model::Arena& arena_;
  source::NodeBuilder nodes_;
  const Attributes* shared_ = nullptr;
  Node shared_node_;
};

}  // namespace

Collector::Collector(const ImportOptions& options, const Importer& importer, std::span<const Input> inputs)
    : options_(options), inputs_(inputs) {
  builder_.stop_after(kMostProblems);
  for (const Input& input : inputs) (void)builder_.add_file(input.name);
  if (options.namespace_name) return;
  const std::string_view asked = options.namespace_from;
  const auto refuse = [&](const std::string& what) {
    throw std::invalid_argument(what + "; " + std::string(importer.name) + " has " + offered(importer));
  };
  if (asked.empty()) {
    const auto natural = std::ranges::find_if(importer.namespaces, &NamespaceSource::natural);
    if (natural == importer.namespaces.end()) refuse("nothing says the namespace: give -n NAMESPACE, or --namespace-from");
    wanted_.word = natural->word;
    return;
  }
  const std::size_t colon = asked.find(':');
  const std::string_view word = asked.substr(0, colon == std::string_view::npos ? asked.size() : colon + 1);
  wanted_.word = word;
  wanted_.key = asked.substr(word.size());
  if (word == kPath) {
    const auto [end, error] = std::from_chars(wanted_.key.data(), wanted_.key.data() + wanted_.key.size(), wanted_.segment);
    if (error != std::errc() || end != asked.data() + asked.size() || wanted_.segment == 0)
      refuse("--namespace-from path:N counts segments from 1");
    return;
  }
  const bool known = std::ranges::find(importer.namespaces, word, &NamespaceSource::word) != importer.namespaces.end();
  if (!known || (word.ends_with(':') && wanted_.key.empty())) refuse("--namespace-from cannot be " + model::quoted(asked));
}

void Collector::begin(const Input& input) {
  fields_ = std::make_unique<source::FieldReader>(builder_, static_cast<std::uint32_t>(&input - inputs_.data()));
  services_ = std::make_unique<source::ServiceReader>(builder_, *fields_);
}

void Collector::problem(const Node& at, std::string what) { builder_.report(fields_->location(at), std::move(what)); }

void Collector::drop(const Node& at, std::string_view path) {
  const auto ignored = std::ranges::find(options_.ignored, path);
  if (ignored != options_.ignored.end()) {
    ignored_.insert(*ignored);
  } else if (!says_nothing(at)) {
    tell(at, Report::Kind::dropped, path);
  }
}

std::vector<std::string> Collector::ignored_in_vain() const {
  std::vector<std::string> in_vain = options_.ignored;
  std::erase_if(in_vain, [&](const std::string& path) { return ignored_.contains(path); });
  return in_vain;
}

bool Collector::asks_for(std::string_view word, std::string_view key) const noexcept { return wanted_.word == word && wanted_.key == key; }

bool Collector::offer(Record& record, std::string_view word, std::string_view key, const Node& text) const {
  if (!asks_for(word, key) || text.kind != Kind::scalar) return false;
  record.space = text.text;
  return true;
}

void Collector::leave_out(const Node& at, std::string_view kind) { tell(at, Report::Kind::left_out, kind); }

void Collector::note(const Node& at, std::string_view what) { tell(at, Report::Kind::note, what); }

void Collector::refuse_secret(const Node& at, std::string_view name, std::string_view why) {
  const std::string what = "secret " + model::quoted(name) + " (" + std::string(why) + ")";
  if (options_.skip_secrets) {
    tell(at, Report::Kind::left_out, what);
  } else {
    problem(at, what + ": refused, for everybody who has a snapshot reads all of it; --skip-secrets leaves it out");
  }
}

std::string_view Collector::stripped(const Node& name) {
  const std::string_view whole = without_slashes(name.text);
  const std::string_view prefix = without_slashes(options_.strip);
  if (prefix.empty()) return whole;
  const std::string_view rest = whole.substr(std::min(prefix.size(), whole.size()));
  // The prefix "acme/prod" of a path is not that of "acme/production".
  const bool in_a_word = prefix.find('/') != std::string_view::npos && !rest.empty() && is_ascii_alphanumeric(prefix.back()) &&
                         is_ascii_alphanumeric(rest.front());
  if (!whole.starts_with(prefix) || in_a_word) {
    tell(name, Report::Kind::kept, "a name that does not begin with " + model::quoted(options_.strip));
    return whole;
  }
  return without_slashes(rest);
}

std::string_view Collector::namespace_of(const Record& record, std::string_view& name) {
  if (options_.namespace_name) return *options_.namespace_name;
  if (wanted_.segment == 0) return record.space;
  std::size_t start = 0;
  for (std::size_t segment = 1; segment < wanted_.segment; ++segment) {
    start = name.find('/', start);
    if (start == std::string_view::npos) return {};
    ++start;
  }
  const std::size_t end = name.find('/', start);
  if (end == std::string_view::npos) return {};  // the last segment is the service's own
  const std::string_view found = name.substr(start, end - start);
  name = keep(std::string(name.substr(0, start)).append(name.substr(end + 1)));
  return found;
}

model::Service Collector::read_service(const Record& record, std::string_view name) {
  model::Service service;
  service.name = keep(name);
  service.location = fields_->location(record.name);
  nodes_.reset();
  TreeOfRecord tree(nodes_);
  std::array<Node, source::kServiceFields> kept = {};
  std::array<const Node*, source::kServiceFields> values = {};
  const auto set = [&](source::ServiceField field, const Node& value) {
    kept[field] = value;
    values[field] = &kept[field];
  };
  if (record.description.kind != Kind::null) set(source::kDescription, record.description);
  if (record.value.kind != Kind::null) set(source::kValue, record.value);
  if (!record.attributes.empty()) set(source::kAttributes, mapping_of(record.attributes, nodes_));
  if (!record.endpoints.empty()) set(source::kEndpoints, tree.endpoints(record.endpoints, record.name));
  services_->read(values, record.name, service);
  return service;
}

void Collector::add(const Record& record) {
  // Where a uri could not be made, that has been told.
  if (std::ranges::any_of(record.endpoints, [](const EndpointRecord& endpoint) { return endpoint.uri.kind == Kind::null; })) return;
  std::string_view name = stripped(record.name);
  const std::string_view space = namespace_of(record, name);
  if (space.empty() && without_namespace_++ == 0) {
    first_without_namespace_ = {fields_->location(record.name), "service " + model::quoted(name)};
  }
  if (const auto fault = model::service_name_fault(name)) problem(record.name, *fault);
  if (const auto fault = model::namespace_name_fault(space); fault && !space.empty()) problem(record.name, *fault);
  collected_.push_back({keep(space), read_service(record, name), record.role});
}

source::LoadResult Collector::finish() {
  try {
    join();
  } catch (const source::TooManyProblems&) {
    // Told below.
  }
  source::LoadResult loaded = {builder_.take_registry(), builder_.take_problems(), {}, {}};
  model::validate(loaded.registry, loaded.problems);
  model::resolve_inheritance(loaded.registry, loaded.problems);
  std::ranges::stable_sort(loaded.problems,
                           [](const model::Problem& a, const model::Problem& b) { return model::is_before(a.location, b.location); });
  if (loaded.problems.size() >= kMostProblems) {
    report_.add(Report::Kind::note, "there may be more problems than those below", loaded.problems.front().location);
  }
  return loaded;
}

void Collector::join() {
  if (without_namespace_ > 0) {
    model::Problem& first = first_without_namespace_;
    const std::string others = without_namespace_ > 1 ? " and " + inspect::with_thousands(without_namespace_ - 1) + " more say" : " says";
    builder_.report(first.location, first.message + others + " nothing for a namespace; give -n NAMESPACE, or another --namespace-from");
  }
  add_joined(std::move(collected_), builder_);
}

}  // namespace almanac::importing
