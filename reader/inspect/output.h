// The text a program writes: collected, passed on in blocks, and every failure noticed.
#pragma once

#include <string>
#include <system_error>

namespace almanac::inspect {

// The output could not be written: a full disk, or (EPIPE) a reader that went away.
class OutputError : public std::system_error {
 public:
  using std::system_error::system_error;
};

class Output {
 public:
  // Writes to an open file descriptor, which stays the caller's.
  explicit Output(int descriptor) : descriptor_(descriptor) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  // What is not written yet. Append to it, whole records at a time.
  [[nodiscard]] std::string& text() noexcept { return text_; }
  // Between records: writes when a block is full. Throws OutputError.
  void record_done() {
    if (text_.size() >= kBlock) flush();
  }
  // Writes everything; to be called at the end, for a destructor could not report a failure. Throws OutputError.
  void flush();

 private:
  static constexpr std::size_t kBlock = std::size_t{256} << 10U;
  int descriptor_;
  std::string text_;
};

}  // namespace almanac::inspect
