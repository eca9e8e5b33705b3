// Builds a tree of nodes from its parts in the order in which a parser meets them.
#pragma once

#include <vector>

#include "model/arena.h"
#include "source/node.h"

namespace almanac::source {

class NodeBuilder {
 public:
  // Nodes live in `arena`, which outlives the builder.
  explicit NodeBuilder(model::Arena& arena) : arena_(arena) {}

  void clear() noexcept {
    open_.clear();
    pending_.clear();
  }

  void add(const Node& node) { pending_.push_back(node); }

  // Nodes added from here to the matching close() are the items of `container`.
  void open(const Node& container) {
    open_.push_back(pending_.size());
    pending_.push_back(container);
  }

  const Node& close() {
    const std::size_t at = open_.back();
    open_.pop_back();
    pending_[at].items = arena_.copy(std::span<const Node>(pending_).subspan(at + 1));
    pending_.resize(at + 1);
    return pending_[at];
  }

  [[nodiscard]] std::size_t depth() const noexcept { return open_.size(); }

  // The last complete node, or the container it will belong to.
  [[nodiscard]] const Node& last() const noexcept { return pending_.back(); }

  // Whether the next node is a key of a mapping.
  [[nodiscard]] bool expects_key() const noexcept { return in_mapping() && items_so_far() % 2 == 0; }

  // Whether the next node is the value of a key, which is last().
  [[nodiscard]] bool expects_value() const noexcept { return in_mapping() && items_so_far() % 2 == 1; }

 private:
  [[nodiscard]] bool in_mapping() const noexcept { return !open_.empty() && pending_[open_.back()].kind == Node::Kind::mapping; }
  [[nodiscard]] std::size_t items_so_far() const noexcept { return pending_.size() - open_.back() - 1; }

  model::Arena& arena_;
  std::vector<Node> pending_;      // complete ones, and the containers that are still open
  std::vector<std::size_t> open_;  // indices of the open containers in pending_
};

}  // namespace almanac::source
