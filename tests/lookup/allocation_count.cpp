#include "allocation_count.h"

#include <malloc.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>

namespace almanac::lookup {

namespace {

constinit std::atomic<std::uint64_t> count{0};

}  // namespace

std::uint64_t allocation_count() noexcept { return count; }

}  // namespace almanac::lookup

#if defined(ALMANAC_ADDRESS_SANITIZER) || defined(ALMANAC_THREAD_SANITIZER)

// The sanitizers have an allocator of their own, which calls whoever asks to be told. From their
// allocator_interface.h, which g++ comes without.
extern "C" int __sanitizer_install_malloc_and_free_hooks(  // NOLINT(bugprone-reserved-identifier)
    void (*malloc_hook)(const volatile void*, std::size_t), void (*free_hook)(const volatile void*));

namespace almanac::lookup {

namespace {

[[maybe_unused]] const int kInstalled =
    __sanitizer_install_malloc_and_free_hooks([](const volatile void*, std::size_t) { ++count; }, [](const volatile void*) {});

}  // namespace

}  // namespace almanac::lookup

#else

// The program's own definitions come before those of the C library, which go on under other names
// (glibc, "Replacing malloc"). operator new calls malloc.
extern "C" {

// NOLINTBEGIN(bugprone-reserved-identifier): the names are those of glibc
void* __libc_malloc(std::size_t size) noexcept;
void* __libc_calloc(std::size_t count, std::size_t size) noexcept;
void* __libc_realloc(void* memory, std::size_t size) noexcept;
void* __libc_memalign(std::size_t alignment, std::size_t size) noexcept;
// NOLINTEND(bugprone-reserved-identifier)

void* malloc(std::size_t size) noexcept {
  ++almanac::lookup::count;
  return __libc_malloc(size);
}

void* calloc(std::size_t elements, std::size_t size) noexcept {
  ++almanac::lookup::count;
  return __libc_calloc(elements, size);
}

void* realloc(void* memory, std::size_t size) noexcept {
  ++almanac::lookup::count;
  return __libc_realloc(memory, size);
}

void* memalign(std::size_t alignment, std::size_t size) noexcept {
  ++almanac::lookup::count;
  return __libc_memalign(alignment, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept { return memalign(alignment, size); }

int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  *memory = memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}

}  // extern "C"

#endif
