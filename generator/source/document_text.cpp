#include "source/document_text.h"

#include <algorithm>

#include "source/byte_source.h"
#include "source/documents.h"

namespace almanac::source {
namespace {

constexpr std::size_t kFirstBlock = std::size_t{64} << 10U;

std::string read_all(const std::string& path, std::size_t most, progress::Progress& progress) {
  FileSource file(path);
  progress.begin("reading " + path, file.size());
  std::string text;
  for (std::size_t size = 0;;) {
    text.resize(std::max(kFirstBlock, 2 * size));
    const std::size_t count = file.read(std::span(text).subspan(size));
    size += count;
    if (size > most) throw SourceError("the documents have more than 1 GiB together, and are too large to be kept");
    if (count == 0) {
      text.resize(size);
      return text;
    }
    progress.advance(size, 0);
  }
}

}  // namespace

std::vector<DocumentText> read_documents(std::span<const std::string> sources, progress::Progress& progress) {
  std::vector<DocumentText> texts;
  std::size_t left = kMaxTexts;
  for (const Document& document : find_documents(sources)) {
    texts.push_back({document.path, read_all(document.path, left, progress)});
    left -= texts.back().text.size();
  }
  progress.end();
  return texts;
}

}  // namespace almanac::source
