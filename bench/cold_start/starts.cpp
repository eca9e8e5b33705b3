// bench-starts: how long processes take from their start to their first line. The subjects take turns in an order that is drawn
// anew each round, so that a noisy moment does not fall on one of them alone.
//
//   printf 'empty\tready\t-\tbench-answer-empty\n' | bench-starts --seconds 2
//
// A line of stdin is a subject, its fields separated by tabs: its name, the answer that it must give, a folder that is removed
// before each of its starts (or "-"), its program and its arguments. stdout has {"subject": [nanoseconds of each round, ...], ...}.
// The clock runs from before posix_spawn() until the line has arrived; the end of a process is awaited outside of that.
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLongestMilliseconds = 60'000;

struct Subject {
  std::string name;
  std::string answer;
  std::string folder;  // or "-"
  std::vector<std::string> command;
  std::vector<std::int64_t> nanoseconds;
};

[[noreturn]] void fail(const char* what, int number) { throw std::system_error(number, std::generic_category(), what); }

std::vector<Subject> read_subjects(std::istream& in) {
  std::vector<Subject> subjects;
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> fields;
    std::istringstream text(line);
    for (std::string field; std::getline(text, field, '\t');) fields.push_back(field);
    if (fields.size() < 4) throw std::runtime_error("a subject has a name, an answer, a folder and a program: " + line);
    subjects.push_back({fields[0], fields[1], fields[2], {fields.begin() + 3, fields.end()}, {}});
  }
  return subjects;
}

// A process whose standard output is read here. It does not outlive this object.
class Child {
 public:
  explicit Child(const std::vector<std::string>& command) {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) fail("pipe2", errno);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends_[1], STDOUT_FILENO);
    std::vector<char*> arguments;
    for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    const int failure = ::posix_spawn(&process_, arguments.front(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends_[1]);
    if (failure == 0) return;
    ::close(ends_[0]);
    fail(command.front().c_str(), failure);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    ::close(ends_[0]);
    if (process_ < 0) return;
    (void)::kill(process_, SIGKILL);
    (void)end();
  }

  // Without its end; what came until the process closed its output when there is no whole one.
  [[nodiscard]] std::string line() {
    std::string text;
    std::array<char, 4096> bytes{};
    while (text.find('\n') == std::string::npos) {
      pollfd waiting{.fd = ends_[0], .events = POLLIN, .revents = 0};
      if (::poll(&waiting, 1, kLongestMilliseconds) <= 0) break;
      const ssize_t count = ::read(ends_[0], bytes.data(), bytes.size());
      if (count <= 0) break;
      text.append(bytes.data(), static_cast<std::size_t>(count));
    }
    return text.substr(0, text.find('\n'));
  }

  // Its status, as waitpid() gives it.
  [[nodiscard]] int end() {
    int status = -1;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) continue;
    process_ = -1;
    return status;
  }

 private:
  std::array<int, 2> ends_{};
  pid_t process_ = -1;
};

std::int64_t start(const Subject& subject) {
  if (subject.folder != "-") std::filesystem::remove_all(subject.folder);
  const Clock::time_point begin = Clock::now();
  Child child(subject.command);
  const std::string line = child.line();
  const auto time = Clock::now() - begin;
  const int status = child.end();
  if (line != subject.answer || status != 0) {
    throw std::runtime_error(subject.name + " answered \"" + line + "\" where \"" + subject.answer + "\" is right, and ended with status " +
                             std::to_string(status));
  }
  return std::chrono::nanoseconds(time).count();
}

void measure(std::vector<Subject>& subjects, double seconds, std::size_t least, std::size_t most) {
  std::vector<std::size_t> order(subjects.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 random(1);
  for (const Subject& subject : subjects) (void)start(subject);  // to warm up
  const Clock::time_point end = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  for (std::size_t round = 0; round < most && (round < least || Clock::now() < end); ++round) {
    std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t number : order) subjects[number].nanoseconds.push_back(start(subjects[number]));
  }
}

}  // namespace

int main(int argc, char** argv) try {
  double seconds = 5;
  std::size_t least = 5;
  std::size_t most = 300;
  CLI::App app("Times processes from their start to their first line; its source says what it reads.");
  app.add_option("--seconds", seconds, "begin no round after that")->capture_default_str();
  app.add_option("--least", least, "rounds, however long they take")->capture_default_str();
  app.add_option("--most", most, "rounds, however little time they take")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  std::vector<Subject> subjects = read_subjects(std::cin);
  measure(subjects, seconds, least, most);
  nlohmann::ordered_json result;
  for (const Subject& subject : subjects) result[subject.name] = subject.nanoseconds;
  std::cout << result << '\n';
  return 0;
} catch (const std::exception& error) {
  std::cerr << "bench-starts: " << error.what() << '\n';
  return 2;
}
