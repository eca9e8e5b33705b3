#include "model/inherit.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "inspect/terminal_text.h"
#include "model/namespace_names.h"
#include "model/quoted.h"

namespace almanac::model {
namespace {

// Namespaces by their index in the registry.
using Index = std::size_t;

class Inheritance {
 public:
  Inheritance(Registry& registry, Problems& problems, std::size_t most_services)
      : registry_(registry), problems_(problems), most_services_(most_services) {}

  void link() {
    parents_.resize(registry_.namespaces.size());
    for (Index child = 0; child < parents_.size(); ++child) {
      for (const std::string_view name : registry_.namespaces[child].inherits) link_parent(child, name);
    }
  }

  // Parents before children in order_; each cycle found on the way is reported once. Depth first,
  // with a stack of its own: documents decide how deep the chain goes.
  void sort() {
    states_.assign(parents_.size(), State::unseen);
    for (Index start = 0; start < parents_.size(); ++start) {
      if (states_[start] == State::unseen) walk_from(start);
    }
  }

  void merge() {
    for (const Namespace& space : registry_.namespaces) services_ += space.services.size();
    for (const Index child : order_) {
      if (!merge_parents(child)) return;
    }
    for (Namespace& space : registry_.namespaces) space.inherits.clear();
  }

 private:
  enum class State : std::uint8_t { unseen, on_path, done };
  struct Step {
    Index space;
    std::size_t next_parent;
  };

  void report(Index space, const std::string& what) {
    const Namespace& child = registry_.namespaces[space];
    problems_.push_back({child.inherits_location, "namespace " + quoted(child.name) + ' ' + what});
  }

  void link_parent(Index child, std::string_view name) {
    const std::optional<Index> parent = find_namespace(registry_, name);
    if (!parent) {
      report(child, "inherits " + unknown_namespace(registry_, name, problems_));
    } else if (std::ranges::find(parents_[child], *parent) != parents_[child].end()) {
      report(child, "inherits " + quoted(name) + " twice; name it once");
    } else {
      parents_[child].push_back(*parent);
    }
  }

  void walk_from(Index start) {
    path_ = {{start, 0}};
    states_[start] = State::on_path;
    while (!path_.empty()) {
      Step& step = path_.back();
      if (step.next_parent == parents_[step.space].size()) {
        states_[step.space] = State::done;
        order_.push_back(step.space);
        path_.pop_back();
        continue;
      }
      const Index parent = parents_[step.space][step.next_parent++];
      if (states_[parent] == State::on_path) report_cycle(parent);
      if (states_[parent] != State::unseen) continue;
      states_[parent] = State::on_path;
      path_.push_back({parent, 0});
    }
  }

  // The cycle is the end of the path, from `again` on; it is told from its first name in byte
  // order, wherever the search met it.
  void report_cycle(Index again) {
    const auto begin = std::ranges::find(path_, again, &Step::space);
    std::vector<Index> cycle;
    std::transform(begin, path_.end(), std::back_inserter(cycle), [](const Step& step) { return step.space; });
    std::ranges::rotate(cycle, std::ranges::min_element(cycle));
    cycle.push_back(cycle.front());
    std::string chain;
    for (const Index space : cycle) {
      if (!chain.empty()) chain += " -> ";
      chain += inspect::visible(registry_.namespaces[space].name);
      if (chain.size() > kLongestChain) {
        chain += " -> ...";
        break;
      }
    }
    report(cycle.front(), "inherits itself: " + chain);
  }

  bool merge_parents(Index child) {
    Namespace& space = registry_.namespaces[child];
    for (const Index parent : parents_[child]) {
      const auto& inherited = registry_.namespaces[parent].services;
      std::vector<Service> merged;
      // Of two equal names std::set_union takes the first range's.
      merged.reserve(space.services.size() + inherited.size());
      std::ranges::set_union(space.services, inherited, std::back_inserter(merged), {}, &Service::name, &Service::name);
      services_ += merged.size() - space.services.size();
      if (services_ > most_services_) {
        report(child, "brings the registry, with all that is inherited, to more than " + std::to_string(most_services_) + " services");
        return false;
      }
      space.services = std::move(merged);
    }
    return true;
  }

  static constexpr std::size_t kLongestChain = 1000;  // bytes of a message

  Registry& registry_;
  Problems& problems_;
  std::size_t most_services_;
  std::vector<std::vector<Index>> parents_;
  std::vector<State> states_;
  std::vector<Step> path_;
  std::vector<Index> order_;
  std::size_t services_ = 0;  // of all namespaces, so far
};

}  // namespace

void resolve_inheritance(Registry& registry, Problems& problems, std::size_t most_services) {
  Inheritance inheritance(registry, problems, most_services);
  inheritance.link();
  inheritance.sort();
  if (problems.empty()) inheritance.merge();
}

}  // namespace almanac::model
