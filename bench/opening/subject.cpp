#include "subject.h"

#include <sys/mman.h>
#include <zstd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <new>
#include <span>

namespace bench {

namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20U;

// As the reader has it: on a huge page where it is at least half as large as one, else with its pages from the first.
class FreshMemory {
 public:
  explicit FreshMemory(std::size_t size)
      : is_huge_(size >= kHugePage / 2),
        size_(is_huge_ ? std::max(size, kHugePage) + kHugePage : size),
        memory_(::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | (is_huge_ ? 0 : MAP_POPULATE), -1, 0)) {
    if (memory_ == MAP_FAILED) throw std::bad_alloc();
    if (is_huge_) ::madvise(begin(), size_ - kHugePage, MADV_HUGEPAGE);
  }
  FreshMemory(const FreshMemory&) = delete;
  FreshMemory& operator=(const FreshMemory&) = delete;
  ~FreshMemory() { ::munmap(memory_, size_); }

  [[nodiscard]] void* begin() const noexcept {
    if (!is_huge_) return memory_;
    const auto start = reinterpret_cast<std::uintptr_t>(memory_);
    return static_cast<std::byte*>(memory_) + (kHugePage - start % kHugePage) % kHugePage;
  }

 private:
  bool is_huge_;
  std::size_t size_;
  void* memory_;
};

std::vector<char> bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

almanac::Snapshot from_bytes(const std::vector<char>& bytes, const almanac::OpenOptions& options = {}) {
  return almanac::Snapshot::from_bytes(std::as_bytes(std::span(bytes)), "the snapshot", options);
}

}  // namespace

OpeningSubject::OpeningSubject(const std::string& file, const std::string& cache_directory)
    : file_(file), cache_{.cache_directory = cache_directory}, subject_(file), bytes_(bytes_of(file)), frame_(subject_.frame()) {}

bool OpeningSubject::answers(const almanac::Snapshot& snapshot, std::size_t names) const {
  const Almanac asked(snapshot.in(subject_.namespace_name()));
  std::size_t found = 0;
  for (const std::string_view name : subject_.names().all().first(names)) found += answered(asked.find(name));
  return found == names;
}

bool OpeningSubject::open_and_ask(std::size_t names) const { return answers(from_bytes(bytes_), names); }

bool OpeningSubject::open_again() const { return answers(almanac::Snapshot::open(file_, cache_)); }

bool OpeningSubject::inflate() const {
  const FreshMemory memory(frame_.size);
  const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
  return ZSTD_decompressDCtx(context.get(), memory.begin(), frame_.size, bytes_.data() + frame_.offset, frame_.stored_size) == frame_.size;
}

bool OpeningSubject::inflates_again() const {
  std::vector<char> damaged = bytes_;
  std::memset(damaged.data() + frame_.offset, 0, frame_.stored_size);
  try {
    return !answers(from_bytes(damaged, cache_));
  } catch (const almanac::Error&) {
    return true;
  }
}

}  // namespace bench
