#include "source/jsonl_source.h"

#include <cstring>
#include <vector>

#include "source/json_tree.h"
#include "source/whole_document.h"

namespace almanac::source {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20U;

class LineReader {
 public:
  LineReader(ByteSource& bytes, Interpreter& interpreter) : bytes_(bytes), interpreter_(interpreter) {
    buffer_.resize(kBlock + JsonTree::kPadding);
  }

  void read() {
    while (fill()) {
      const std::size_t complete = take_lines();
      // What is left begins a line whose end is still to come.
      std::memmove(buffer_.data(), buffer_.data() + complete, size_ - complete);
      size_ -= complete;
      searched_ = size_;
      if (size_ > kMaxLine) {
        interpreter_.report(line_, 1, "the line is longer than 1 GiB; the rest of the file is not read");
        return;
      }
    }
    if (size_ == 0) return;
    buffer_[size_] = '\n';  // an earlier line may have left something else there
    take_line(std::string_view(buffer_.data(), size_));
  }

 private:
  // Reads behind what the buffer holds; false at the end.
  bool fill() {
    const std::size_t room = buffer_.size() - JsonTree::kPadding;
    if (size_ == room) buffer_.resize(room * 2 + JsonTree::kPadding);
    const std::size_t space = buffer_.size() - JsonTree::kPadding - size_;
    const std::size_t count = bytes_.read(std::span(buffer_).subspan(size_, space));
    size_ += count;
    return count > 0;
  }

  // Takes every line that ends in the buffer; returns where the first other one begins.
  std::size_t take_lines() {
    std::size_t start = 0;
    std::size_t from = searched_;
    while (const void* found = std::memchr(buffer_.data() + from, '\n', size_ - from)) {
      const auto end = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.data());
      take_line(std::string_view(buffer_.data() + start, end - start));
      start = from = end + 1;
    }
    return start;
  }

  void take_line(std::string_view line) {
    if (line_ == 1 && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
      try {
        interpreter_.record(tree_.parse(line, line_));
      } catch (const SyntaxFault& fault) {
        interpreter_.report(fault.line, fault.column, fault.what);
      }
    }
    ++line_;
  }

  ByteSource& bytes_;
  Interpreter& interpreter_;
  JsonTree tree_;
  std::vector<char> buffer_;  // what was read, then room, then padding
  std::size_t size_ = 0;      // of what was read and not yet taken
  std::size_t searched_ = 0;  // of it, the part that holds no end of a line
  std::uint32_t line_ = 1;
};

}  // namespace

void read_json_lines(ByteSource& bytes, Interpreter& interpreter) { LineReader(bytes, interpreter).read(); }

}  // namespace almanac::source
