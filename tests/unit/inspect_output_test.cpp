#include "inspect/output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>

#include "support/system_failure.h"

namespace almanac::inspect {
namespace {

class Pipe {
 public:
  Pipe() {
    if (::pipe(ends_.data()) != 0) support::throw_errno("pipe");
  }
  ~Pipe() {
    close_reader();
    close_writer();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  [[nodiscard]] int reader() const { return ends_[0]; }
  [[nodiscard]] int writer() const { return ends_[1]; }
  void close_reader() { close_end(ends_[0]); }
  void close_writer() { close_end(ends_[1]); }

 private:
  static void close_end(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
  std::array<int, 2> ends_{};
};

TEST(Output, passes_on_every_byte_in_order) {
  Pipe pipe;
  std::string received;
  std::thread reader([&] {
    std::array<char, 4096> block;
    for (ssize_t size = 0; (size = ::read(pipe.reader(), block.data(), block.size())) > 0;) {
      received.append(block.data(), static_cast<std::size_t>(size));
    }
  });
  std::string sent;
  Output output(pipe.writer());
  for (int i = 0; i < 200'000; ++i) {
    const std::string record = std::to_string(i) + "\n";
    output.text() += record;
    sent += record;
    output.record_done();
  }
  output.flush();
  pipe.close_writer();
  reader.join();
  EXPECT_EQ(received, sent);
  EXPECT_TRUE(output.text().empty());
}

TEST(Output, tells_of_a_full_disk) {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  Output output(full);
  output.text() = "x";
  try {
    output.flush();
    ADD_FAILURE() << "writing to /dev/full succeeded";
  } catch (const OutputError& error) {
    EXPECT_EQ(error.code(), std::errc::no_space_on_device);
  }
  ::close(full);
}

TEST(Output, tells_of_a_reader_that_went_away) {
  ::signal(SIGPIPE, SIG_IGN);
  Pipe pipe;
  pipe.close_reader();
  Output output(pipe.writer());
  output.text() = "x";
  try {
    output.flush();
    ADD_FAILURE() << "writing to a closed pipe succeeded";
  } catch (const OutputError& error) {
    EXPECT_EQ(error.code(), std::errc::broken_pipe);
  }
}

}  // namespace
}  // namespace almanac::inspect
