#include "import/fields.h"

#include <set>

#include "model/quoted.h"

namespace almanac::importing {
namespace {

using Kind = Node::Kind;

std::string joined(std::string_view path, std::string_view key) {
  std::string all(path);
  if (!all.empty()) all += '.';
  return all.append(key);
}

bool has(const Node& node, std::string_view key, Kind kind) noexcept {
  const Node* found = member(node, key);
  return found != nullptr && found->kind == kind;
}

}  // namespace

Fields::Fields(const Node& node, std::string path, Collector& collector) : node_(node), path_(std::move(path)), collector_(collector) {
  if (node.kind == Kind::mapping) {
    taken_.resize(node.items.size() / 2);
  } else {
    wrong_kind(node, path_.empty() ? "the input" : path_, "a mapping");
  }
}

void Fields::wrong_kind(const Node& node, std::string_view what, std::string_view expected) {
  collector_.problem(node, std::string(what).append(" must be ").append(expected).append(", got ").append(source::kind_name(node)));
}

const Node* Fields::find(std::string_view key) {
  const Node* found = nullptr;
  for (std::size_t i = 0; i < taken_.size(); ++i) {
    if (node_.items[2 * i].text != key) continue;
    taken_[i] = true;
    if (found != nullptr) collector_.problem(node_.items[2 * i], path_of(key) + " is given twice; give it once");
    found = &node_.items[2 * i + 1];
  }
  return found != nullptr && found->kind != Kind::null ? found : nullptr;
}

const Node* Fields::scalar(std::string_view key) {
  const Node* node = find(key);
  if (node == nullptr || node->kind == Kind::scalar) return node;
  wrong_kind(*node, path_of(key), "a text");
  return nullptr;
}

const Node* Fields::required(std::string_view key) {
  const Node* node = scalar(key);
  if (node == nullptr) need_one_of({key});
  return node;
}

std::string_view Fields::text(std::string_view key) {
  const Node* node = scalar(key);
  return node == nullptr ? std::string_view() : node->text;
}

void Fields::need_one_of(std::initializer_list<std::string_view> keys) {
  if (node_.kind != Kind::mapping) return;  // that has been told
  std::string names;
  for (const std::string_view key : keys) {
    if (member(node_, key) != nullptr) return;
    names.append(names.empty() ? "" : " or ").append(model::quoted(key));
  }
  collector_.problem(node_, (path_.empty() ? "the input" : path_) + " needs a field " + names);
}

bool Fields::is_true(std::string_view key) {
  const Node* node = find(key);
  return node != nullptr && (node->kind != Kind::scalar || node->text != "false");
}

void Fields::for_each(std::string_view key, const std::function<void(const Node&, const std::string&)>& take) {
  const Node* list = find(key);
  if (list == nullptr) return;
  if (list->kind != Kind::list) return wrong_kind(*list, path_of(key), "a list");
  const std::string path = path_of(key) + "[]";
  for (const Node& item : list->items) take(item, path);
}

void Fields::for_each_pair(std::string_view key, const std::function<void(const Node&, const Node&)>& take) {
  const Node* mapping = find(key);
  if (mapping == nullptr) return;
  if (mapping->kind != Kind::mapping) return wrong_kind(*mapping, path_of(key), "a mapping");
  std::set<std::string_view> keys;
  for (std::size_t i = 0; i < mapping->items.size(); i += 2) {
    const Node& pair_key = mapping->items[i];
    if (!keys.insert(pair_key.text).second) {
      collector_.problem(pair_key, path_of(key) + ": " + model::quoted(pair_key.text) + " is given twice; give it once");
    } else {
      take(pair_key, mapping->items[i + 1]);
    }
  }
}

std::string Fields::path_of(std::string_view key) const { return joined(path_, key); }

void Fields::rest() {
  for (std::size_t i = 0; i < taken_.size(); ++i) {
    if (!taken_[i]) collector_.drop(node_.items[2 * i + 1], path_of(node_.items[2 * i].text));
  }
}

const Node* member(const Node& node, std::string_view key) noexcept {
  if (node.kind != Kind::mapping) return nullptr;
  for (std::size_t i = 0; i < node.items.size(); i += 2) {
    if (node.items[i].text == key) return &node.items[i + 1];
  }
  return nullptr;
}

bool has_list(const Node& node, std::string_view key) noexcept { return has(node, key, Kind::list); }
bool has_text(const Node& node, std::string_view key) noexcept { return has(node, key, Kind::scalar); }
bool has_mapping(const Node& node, std::string_view key) noexcept { return has(node, key, Kind::mapping); }

}  // namespace almanac::importing
