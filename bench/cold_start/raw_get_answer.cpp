// bench-answer-raw-get URL RANGE...: fetches what the reader fetches, by the same client library, and does nothing with it. The answer
// is how many bytes that were. A RANGE is "first-last", or "-" for the whole object.
#include <exception>
#include <iostream>
#include <string>

#include "answer.h"
#include "fetch.h"

int main(int argc, char** argv) try {
  if (argc < 3 || argc % 2 == 0) {
    std::cerr << "usage: bench-answer-raw-get URL RANGE [URL RANGE]...\n";
    return 2;
  }
  bench::Fetch fetch;
  std::size_t bytes = 0;
  for (int i = 1; i < argc; i += 2) {
    const std::string range = argv[i + 1];
    bytes += fetch.get(argv[i], range == "-" ? std::string() : range).size();
  }
  return bench::answer(std::to_string(bytes)) ? 0 : 2;
} catch (const std::exception& error) {
  std::cerr << "bench-answer-raw-get: " << error.what() << '\n';
  return 2;
}
