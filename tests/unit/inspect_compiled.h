// Snapshots for the tests of inspect, compiled from JSON Lines written inside the test.
#pragma once

#include <almanac/snapshot.h>

#include <cstddef>
#include <string>
#include <vector>

namespace almanac::inspect {

struct Compiled {
  std::vector<std::byte> bytes;  // which the snapshot borrows
  Snapshot snapshot;
};

// Throws when the lines are not a valid registry.
[[nodiscard]] Compiled compiled(const std::string& json_lines);

// Written to a file of its own, which is removed with the object.
class CompiledFile {
 public:
  explicit CompiledFile(const std::vector<std::byte>& bytes);
  ~CompiledFile();
  CompiledFile(const CompiledFile&) = delete;
  CompiledFile& operator=(const CompiledFile&) = delete;
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

}  // namespace almanac::inspect
