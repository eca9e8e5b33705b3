#include "json_answer.h"

#include <zstd.h>

#include <exception>
#include <iostream>
#include <stdexcept>

#include "answer.h"
#include "fetch.h"

namespace bench {

namespace {

std::string inflated(const std::string& stored) {
  const unsigned long long size = ZSTD_getFrameContentSize(stored.data(), stored.size());
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR) throw std::runtime_error("no zstd frame that says its size");
  std::string text;
  text.reserve(size + kPadding);
  text.resize(size);
  if (ZSTD_decompress(text.data(), text.size(), stored.data(), stored.size()) != size) throw std::runtime_error("a damaged zstd frame");
  return text;
}

}  // namespace

int answer_from_json(int argc, char** argv) try {
  if (argc != 4) {
    std::cerr << "usage: bench-answer-LIBRARY URL NAMESPACE NAME\n";
    return 2;
  }
  Fetch fetch;
  const std::string url = argv[1];
  const bool is_stored = url.ends_with(".zst");
  std::string text = fetch.get(url, {}, is_stored ? 0 : kPadding);
  if (is_stored) text = inflated(text);
  const Uris uris = uris_of(text, argv[2]);
  const auto found = uris.find(argv[3]);
  return found != uris.end() && answer(found->second) ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << argv[0] << ": " << error.what() << '\n';
  return 2;
}

}  // namespace bench
