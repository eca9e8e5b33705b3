// Snapshots for the tests of inspect, compiled from JSON Lines written inside the test.
#pragma once

#include <almanac/snapshot.h>

#include <cstddef>
#include <string>
#include <vector>

#include "support/temporary_directory.h"

namespace almanac::inspect {

struct Compiled {
  std::vector<std::byte> bytes;  // which the snapshot borrows
  Snapshot snapshot;
};

// Throws when the lines are not a valid registry.
[[nodiscard]] Compiled compiled(const std::string& json_lines);

// A file with these bytes, which is gone with the object.
class CompiledFile {
 public:
  explicit CompiledFile(const std::vector<std::byte>& bytes);
  [[nodiscard]] std::string path() const { return (folder_ / "x.almanac").string(); }

 private:
  support::TemporaryDirectory folder_;
};

}  // namespace almanac::inspect
