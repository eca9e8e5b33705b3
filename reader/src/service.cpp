#include <almanac/service.h>

#include <algorithm>
#include <iterator>

#include "index.h"
#include "namespace_data.h"

namespace almanac {

namespace {

// Takes the text before the next mark off the front of `rest`, and the mark with it.
std::string_view take_text(std::string_view& rest) noexcept {
  const std::size_t size = std::min(rest.find(internal::kEndMark), rest.size());
  const std::string_view text = rest.substr(0, size);
  rest.remove_prefix(std::min(size + 1, rest.size()));
  return text;
}

// A set ends where a text would be empty.
bool at_end_of_set(std::string_view rest) noexcept { return rest.empty() || rest.front() == internal::kEndMark; }

}  // namespace

Tags::iterator::iterator(std::string_view rest) noexcept : rest_(rest) { ++*this; }

Tags::iterator& Tags::iterator::operator++() noexcept {
  tag_ = at_end_of_set(rest_) ? std::string_view() : take_text(rest_);
  return *this;
}

std::size_t Tags::size() const noexcept { return static_cast<std::size_t>(std::distance(begin(), end())); }

bool Tags::contains(std::string_view tag) const noexcept { return std::find(begin(), end(), tag) != end(); }

Attributes::iterator::iterator(std::string_view rest) noexcept : rest_(rest) { ++*this; }

Attributes::iterator& Attributes::iterator::operator++() noexcept {
  attribute_ = {};
  if (at_end_of_set(rest_)) return *this;
  attribute_.key = take_text(rest_);
  attribute_.value = take_text(rest_);
  return *this;
}

std::size_t Attributes::size() const noexcept { return static_cast<std::size_t>(std::distance(begin(), end())); }

std::optional<std::string_view> Attributes::find(std::string_view key) const noexcept {
  const auto found = std::find_if(begin(), end(), [key](const Attribute& attribute) { return attribute.key == key; });
  return found == end() ? std::nullopt : std::optional((*found).value);
}

Endpoints Service::endpoints() const noexcept {
  return uri_size_ == 0 ? Endpoints() : Endpoints(data_, uri(), data_->numbers_of(*this).endpoint);
}

std::optional<std::string_view> Service::value() const noexcept {
  if (data_ == nullptr) return std::nullopt;
  const char* mark = text_ + name_size_;
  while (*mark == internal::kUriMark) mark = internal::next_mark(mark + 1);
  if (*mark != internal::kValueMark) return std::nullopt;
  return std::string_view(mark + 1, static_cast<std::size_t>(internal::end_mark(mark + 1) - mark - 1));
}

std::string_view Service::description() const noexcept { return data_ == nullptr ? std::string_view() : data_->description_of(*this); }

Tags Service::tags() const noexcept {
  if (data_ == nullptr) return {};
  const internal::Frame& frame = data_->frame();
  return Tags(frame.tag_sets[frame.tags[data_->numbers_of(*this).row]]);
}

Attributes Service::attributes() const noexcept {
  if (data_ == nullptr) return {};
  const internal::Frame& frame = data_->frame();
  return Attributes(frame.attribute_sets[frame.attributes[data_->numbers_of(*this).row]]);
}

}  // namespace almanac
