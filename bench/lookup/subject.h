// What lookups are measured on: the largest namespace of a snapshot, and the names that it is asked for.
//
// Asked for are names of services that have a uri, because that is the answer that every peer gives: at most 2^20 of them, in random
// order. Their text lies in that order too, so that walking them is not a random access of its own.
#pragma once

#include <almanac/snapshot.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

// Texts one behind the other.
class Names {
 public:
  explicit Names(std::span<const std::string_view> texts);
  Names(Names&&) = default;
  Names& operator=(Names&&) = default;
  // The same, the last letter of each changed to '~', which no name has.
  [[nodiscard]] Names changed() const;

  [[nodiscard]] std::span<const std::string_view> all() const noexcept { return views_; }
  [[nodiscard]] std::size_t size() const noexcept { return views_.size(); }

 private:
  std::vector<char> text_;
  std::vector<std::string_view> views_;
};

// Names, a few at a time, over and over: the next ones are those that were asked for longest ago.
class Walk {
 public:
  Walk(std::span<const std::string_view> names, std::size_t begin) noexcept : names_(names), next_(begin % names.size()) {}
  [[nodiscard]] std::span<const std::string_view> take(std::size_t at_most) noexcept {
    if (next_ == names_.size()) next_ = 0;
    const auto taken = names_.subspan(next_, std::min(at_most, names_.size() - next_));
    next_ += taken.size();
    return taken;
  }

 private:
  std::span<const std::string_view> names_;
  std::size_t next_;
};

class LookupSubject {
 public:
  // Throws almanac::Error, and std::runtime_error for a namespace that has nothing to ask for.
  explicit LookupSubject(const std::string& file, const almanac::OpenOptions& options = {});

  [[nodiscard]] const almanac::Namespace& services() const noexcept { return services_; }
  [[nodiscard]] const std::string& namespace_name() const noexcept { return namespace_name_; }
  [[nodiscard]] const Names& names() const noexcept { return names_; }
  [[nodiscard]] const Names& misses() const noexcept { return misses_; }
  // That the namespace is in.
  [[nodiscard]] const almanac::FrameInfo& frame() const noexcept { return frame_; }

 private:
  almanac::Snapshot snapshot_;
  std::string namespace_name_;
  almanac::Namespace services_;
  almanac::FrameInfo frame_;
  Names names_;
  Names misses_;
};

// almanac, asked as a peer is (peers/peer.h).
class Almanac {
 public:
  explicit Almanac(const almanac::Namespace& services) noexcept : services_(services) {}
  [[nodiscard]] std::string_view find(std::string_view name) const noexcept {
    const auto found = services_.find(name);
    return found ? found->uri() : std::string_view();
  }

 private:
  almanac::Namespace services_;
};

// 1 for an answer and 0 for none. The first byte of the answer is read, and the result depends on it: a uri is ASCII, so it adds
// nothing, but the processor cannot know.
inline std::size_t answered(std::string_view uri) noexcept { return uri.empty() ? 0 : 1 + (static_cast<unsigned char>(uri.front()) >> 7U); }

// The compiler must work this out.
inline void keep(std::uint64_t value) noexcept { asm volatile("" : : "r"(value)); }

[[noreturn]] void wrong_answer(std::string_view who, std::string_view name);

// Throws std::runtime_error unless `asked` finds what the namespace has, and nothing else: for at most 100,000 names.
template <class Asked>
void check_answers(Asked& asked, const LookupSubject& subject, std::string_view who) {
  const std::size_t count = std::min<std::size_t>(subject.names().size(), 100'000);
  for (const std::string_view name : subject.names().all().first(count)) {
    if (asked.find(name) != subject.services().find(name)->uri()) wrong_answer(who, name);
  }
  for (const std::string_view name : subject.misses().all().first(count)) {
    if (!asked.find(name).empty()) wrong_answer(who, name);
  }
}

}  // namespace bench
