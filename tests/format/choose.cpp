// What the reader decides, for a reader in another language to be compared with. Usage: choose FILE < QUESTIONS
//
// FILE is a snapshot or an announcement. A question is a line: milliseconds since 1970, a key, a caller as Caller::parse() reads it,
// divided by tabs. The answer is a line too: namespace, number of the rule, namespace of the rollout (these three empty for an
// announcement), then bucket, share, whether it has moved, when it moves in milliseconds; what there is not is empty. For a caller
// that no rule matches the line is empty.
#include <almanac/error.h>
#include <almanac/snapshot.h>

#include <chrono>
#include <cstddef>
#include <exception>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "announcement.h"

namespace {

using namespace almanac;
using Time = std::chrono::system_clock::time_point;
using Answer = std::function<std::string(const Caller& caller, const std::string& key, Time at)>;

std::string text_of(const std::optional<RolloutStatus>& status) {
  if (!status) return "\t\t\t";
  std::ostringstream text;
  if (status->bucket) text << *status->bucket;
  text << '\t' << status->share << '\t' << status->moved << '\t';
  if (status->moves != Time::max()) text << std::chrono::duration_cast<std::chrono::milliseconds>(status->moves.time_since_epoch()).count();
  return text.str();
}

std::string answer_of(const Snapshot& snapshot, const Caller& caller, const std::string& key, Time at) try {
  const Choice choice = snapshot.choose(caller, key, at);
  std::ostringstream text;
  text << choice.namespace_name << '\t' << choice.rule << '\t' << choice.going_to << '\t' << text_of(choice.rollout);
  return text.str();
} catch (const Error& error) {
  if (error.code() != ErrorCode::kNotFound) throw;
  return {};
}

void answer_questions(const Answer& answer) {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream columns(line);
    std::string at;
    std::string key;
    std::string caller;
    std::getline(columns, at, '\t');
    std::getline(columns, key, '\t');
    std::getline(columns, caller);
    std::cout << answer(Caller::parse(caller, "a question"), key, Time(std::chrono::milliseconds(std::stoll(at)))) << '\n';
  }
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) return 2;
  std::ifstream stream(argv[1], std::ios::binary);
  stream.exceptions(std::ios::badbit | std::ios::failbit);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  const std::span bytes = std::as_bytes(std::span(text));
  if (text.starts_with(internal::kAnnouncementMagic)) {
    const internal::Announcement announcement = internal::parse_announcement(bytes, argv[1]).announcement;
    answer_questions([&](const Caller& caller, const std::string& /*key*/, Time at) {
      return "\t\t\t" + text_of(announcement.rollout.value().status_for(caller, internal::moment_of(at)));
    });
  } else {
    const Snapshot snapshot = Snapshot::from_bytes(bytes, argv[1]);
    answer_questions([&](const Caller& caller, const std::string& key, Time at) { return answer_of(snapshot, caller, key, at); });
  }
  return 0;
} catch (const std::exception& error) {
  std::cerr << "choose: " << error.what() << '\n';
  return 2;
}
