// What openings are measured on: a snapshot's bytes, its largest namespace, and the frame that this is in.
#pragma once

#include <almanac/snapshot.h>

#include <cstddef>
#include <string>
#include <vector>

#include "lookup/subject.h"

namespace bench {

class OpeningSubject {
 public:
  // Throws almanac::Error and std::runtime_error, as LookupSubject does.
  OpeningSubject(const std::string& file, const std::string& cache_directory);

  [[nodiscard]] const LookupSubject& lookups() const noexcept { return subject_; }

  // These give whether the answer is right.
  //
  // The snapshot's bytes are opened, its namespace is inflated, and one name is looked up.
  [[nodiscard]] bool open() const { return open_and_ask(1); }
  // And so many names, in random order, each looked up once.
  [[nodiscard]] bool open_and_ask(std::size_t names) const;
  // The file is opened, and the namespace is in the cache directory, where the call before left it.
  [[nodiscard]] bool open_again() const;
  // A bare ZSTD_decompressDCtx of the stored bytes of the frame, by a context made for it, into fresh memory: huge pages are asked for
  // where the reader does.
  [[nodiscard]] bool inflate() const;

  // Whether opening again needs the stored bytes of the frame: it is tried with bytes in which they are destroyed.
  [[nodiscard]] bool inflates_again() const;

 private:
  [[nodiscard]] bool answers(const almanac::Snapshot& snapshot, std::size_t names = 1) const;

  std::string file_;
  almanac::OpenOptions cache_;
  LookupSubject subject_;
  std::vector<char> bytes_;
  almanac::FrameInfo frame_;
};

}  // namespace bench
