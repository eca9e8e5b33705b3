#include "call_counts.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <new>
#include <stdexcept>
#include <string>

namespace {

// malloc has no other place to count in.
std::atomic<std::uint64_t> allocations = 0;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

}  // namespace

// glibc's own, counted: a program's definitions take the place of the library's (the glibc manual, "Replacing malloc").
// NOLINTBEGIN(bugprone-reserved-identifier): the names are glibc's.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);

#define ALMANAC_REPLACES __attribute__((visibility("default")))
ALMANAC_REPLACES void* malloc(std::size_t size) {
  ++allocations;
  return __libc_malloc(size);
}
ALMANAC_REPLACES void* calloc(std::size_t count, std::size_t size) {
  ++allocations;
  return __libc_calloc(count, size);
}
ALMANAC_REPLACES void* realloc(void* memory, std::size_t size) {
  ++allocations;
  return __libc_realloc(memory, size);
}
ALMANAC_REPLACES void* memalign(std::size_t alignment, std::size_t size) {
  ++allocations;
  return __libc_memalign(alignment, size);
}
ALMANAC_REPLACES void* aligned_alloc(std::size_t alignment, std::size_t size) { return memalign(alignment, size); }
ALMANAC_REPLACES int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  *memory = memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}
ALMANAC_REPLACES void free(void* memory) { __libc_free(memory); }
#undef ALMANAC_REPLACES
}
// NOLINTEND(bugprone-reserved-identifier)

namespace bench {

namespace {

// Of a process that counts its system calls, seen by the one that waits for it.
class SharedCount {
 public:
  SharedCount() : memory_(::mmap(nullptr, sizeof(std::uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
    if (memory_ == MAP_FAILED) throw std::bad_alloc();
  }
  SharedCount(const SharedCount&) = delete;
  SharedCount& operator=(const SharedCount&) = delete;
  ~SharedCount() { ::munmap(memory_, sizeof(std::uint64_t)); }
  [[nodiscard]] volatile std::uint64_t* get() const noexcept { return static_cast<std::uint64_t*>(memory_); }

 private:
  void* memory_;
};

// A signal's handler has no other place to count in.
volatile std::uint64_t* trapped = nullptr;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

// From here on each system call of this process is a call of the handler instead. The filter is for good, so it lets pass those by
// which the handler returns and the process ends.
bool trap_system_calls() noexcept {
  std::array<sock_filter, 5> program = {{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_rt_sigreturn, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  }};
  const sock_fprog filter = {program.size(), program.data()};
  struct sigaction count = {};
  count.sa_handler = [](int) { *trapped = *trapped + 1; };
  return ::sigaction(SIGSYS, &count, nullptr) == 0 && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

}  // namespace

std::uint64_t allocations_in(const std::function<void()>& work) {
  const std::uint64_t before = allocations;
  work();
  return allocations - before;
}

std::uint64_t system_calls_in(const std::function<void()>& work) {
  const SharedCount count;
  trapped = count.get();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    ::alarm(60);
    if (!trap_system_calls()) ::_exit(1);
    work();
    ::_exit(0);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (status != 0) throw std::runtime_error("the process that counts its system calls ended with status " + std::to_string(status));
  return *count.get();
}

}  // namespace bench
