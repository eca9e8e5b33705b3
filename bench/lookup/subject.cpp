#include "subject.h"

#include <random>
#include <stdexcept>

namespace bench {

namespace {

constexpr std::size_t kMaxNames = std::size_t{1} << 20U;

almanac::NamespaceInfo largest(const almanac::Snapshot& snapshot) {
  almanac::NamespaceInfo found;
  for (std::size_t i = 0; i < snapshot.namespace_count(); ++i) {
    const almanac::NamespaceInfo one = snapshot.namespace_info(i);
    if (one.services > found.services) found = one;
  }
  return found;
}

Names names_in_random_order(const almanac::Namespace& services) {
  std::vector<std::string_view> names;
  names.reserve(services.size());
  for (const almanac::Service& service : services) {
    // In this order the first lookup of each name makes the whole index, which is not what lookups are measured for.
    if (!services.contains(service.name())) wrong_answer("almanac", service.name());
    if (!service.uri().empty()) names.push_back(service.name());
  }
  if (names.empty()) throw std::runtime_error("no service has a uri to ask for");
  std::shuffle(names.begin(), names.end(), std::mt19937_64(1));
  names.resize(std::min(names.size(), kMaxNames));
  return Names(names);
}

}  // namespace

Names::Names(std::span<const std::string_view> texts) {
  std::size_t size = 0;
  for (const std::string_view text : texts) size += text.size();
  text_.reserve(size);  // so that the views hold
  views_.reserve(texts.size());
  for (const std::string_view text : texts) {
    views_.emplace_back(text_.data() + text_.size(), text.size());
    text_.insert(text_.end(), text.begin(), text.end());
  }
}

Names Names::changed() const {
  Names other(views_);
  std::size_t end = 0;
  for (const std::string_view view : views_) {
    end += view.size();
    other.text_[end - 1] = '~';
  }
  return other;
}

LookupSubject::LookupSubject(const std::string& file, const almanac::OpenOptions& options)
    : snapshot_(almanac::Snapshot::open(file, options)),
      namespace_name_(largest(snapshot_).name),
      services_(snapshot_.in(namespace_name_)),
      frame_(snapshot_.frame_info(largest(snapshot_).frame)),
      names_(names_in_random_order(services_)),
      misses_(names_.changed()) {}

void wrong_answer(std::string_view who, std::string_view name) {
  throw std::runtime_error(std::string(who) + " gives a wrong answer for " + std::string(name));
}

}  // namespace bench
