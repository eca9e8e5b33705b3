// Where the bytes of a document come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace almanac::source {

// A document cannot be reached: missing, unreadable, of an unknown kind. The message names it.
class SourceError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  // Fills the start of `space` and says how much; 0 is the end. Throws SourceError.
  [[nodiscard]] virtual std::size_t read(std::span<char> space) = 0;
};

class FileSource : public ByteSource {
 public:
  // Throws SourceError when `path`, or standard input where that is kStandardInput of documents.h, cannot be opened. Standard input
  // without a byte is refused when it is read.
  explicit FileSource(const std::string& path);
  ~FileSource() override;

  [[nodiscard]] std::size_t read(std::span<char> space) override;

  // In bytes; 0 when it is not known, as of a pipe.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

 private:
  std::string path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  bool is_empty_ = true;  // as far as it was read
};

// Borrows its text.
class TextSource : public ByteSource {
 public:
  explicit TextSource(std::string_view text) : rest_(text) {}
  [[nodiscard]] std::size_t read(std::span<char> space) override;

 private:
  std::string_view rest_;
};

}  // namespace almanac::source
