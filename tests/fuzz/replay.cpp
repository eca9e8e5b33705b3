// Runs a fuzzer over files, one after another, without searching: the corpus and whatever once broke
// something, as an ordinary test. Usage: FUZZER FILE_OR_FOLDER...
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void replay(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  stream.exceptions(std::ios::badbit | std::ios::failbit);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
  // Named first, so that a crash is told apart from the others by the last line.
  std::cout << file.string() << std::endl;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

std::size_t replay_all(const std::filesystem::path& place) {
  if (!std::filesystem::is_directory(place)) {
    replay(place);
    return 1;
  }
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(place)) {
    if (!entry.is_regular_file()) continue;
    replay(entry.path());
    ++count;
  }
  return count;
}

}  // namespace

int main(int argc, char** argv) try {
  std::size_t count = 0;
  for (int argument = 1; argument < argc; ++argument) count += replay_all(argv[argument]);
  std::cout << count << " inputs\n";
  return count == 0 ? 1 : 0;
} catch (const std::exception& error) {
  std::cerr << "replay: " << error.what() << '\n';
  return 2;
}
