#include "compile/shared_sets.h"

#include <algorithm>
#include <numeric>

namespace almanac::compile {

std::uint32_t SharedSets::add(std::string_view stored) {
  if (const auto known = numbers_.find(stored); known != numbers_.end()) return known->second;
  const auto number = static_cast<std::uint32_t>(forms_.size());
  forms_.push_back(numbers_.emplace(stored, number).first->first);
  return number;
}

void SharedSets::finish() {
  std::vector<std::uint32_t> order(forms_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [this](std::uint32_t number) { return forms_[number]; });
  std::vector<std::string_view> sorted(forms_.size());
  final_.resize(forms_.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    final_[order[i]] = i;
    sorted[i] = forms_[order[i]];
  }
  forms_ = std::move(sorted);
}

std::string SharedSets::text() const {
  std::string text;
  for (const std::string_view form : forms_) text += form;
  return text;
}

std::string_view stored_label(std::string_view label, std::string& into) {
  into.assign(label);
  into += '\0';
  return into;
}

std::string_view stored_tags(std::span<const std::string_view> tags, std::string& into) {
  into.clear();
  for (const std::string_view tag : tags) into.append(tag) += '\0';
  into += '\0';
  return into;
}

std::string_view stored_attributes(std::span<const model::Attribute> attributes, std::string& into) {
  into.clear();
  for (const model::Attribute& attribute : attributes) {
    into.append(attribute.key) += '\0';
    into.append(attribute.value) += '\0';
  }
  into += '\0';
  return into;
}

}  // namespace almanac::compile
