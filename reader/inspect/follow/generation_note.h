// The generation that a followed file is of, kept beside it in .FILE.generation with the name of the store: "9 s3://acme-registry/live".
//
// It outlives the process, so that neither the next run nor the next --once takes a store that went back. Removing it lets that through.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace almanac::inspect {

struct KeptGeneration {
  std::uint64_t number = 0;  // 0: none
  std::string place;         // of the note, for messages
};

class GenerationNote {
 public:
  GenerationNote(const std::filesystem::path& file, std::string store_name);

  // Of this store: 0 where there is no note, or another store's. Throws Error kInputOutput when it cannot be read, or is none.
  [[nodiscard]] KeptGeneration read() const;
  // Throws Error kInputOutput.
  void write(std::uint64_t generation) const;

 private:
  std::filesystem::path path_;
  std::string store_name_;
};

}  // namespace almanac::inspect
