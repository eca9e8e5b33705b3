// The access key that requests are signed with, found where the AWS tools look for it and renewed before it expires.
//
// In this order: the environment; the shared credentials file; the container's endpoint; and, only when asked for, the instance
// metadata service. What is set and wrong is an error: nothing behind it is looked at.
// Threads: key() and forget() may run at once with themselves and with each other.
#pragma once

#include <almanac/store.h>

#include <chrono>
#include <functional>
#include <future>
#include <mutex>
#include <optional>

#include "access_key.h"
#include "environment.h"

namespace almanac::internal {

class CredentialChain {
 public:
  using Clock = std::function<std::chrono::system_clock::time_point()>;

  // `ask_instance`: as StoreOptions::instance_credentials; the environment may ask for it, too.
  CredentialChain(Environment environment, bool ask_instance, Clock clock = std::chrono::system_clock::now);

  // Throws Error: kPermissionDenied that tells each place and why it gave nothing, kInvalidArgument for a setting or file that
  // is wrong, kTimedOut, kInputOutput. While a renewal fails, a key that has not expired yet goes on being given.
  [[nodiscard]] AccessKey key(Deadline deadline);

  // A store said that this key has expired: the next key() looks again.
  void forget(const AccessKey& refused);

 private:
  [[nodiscard]] Credentials find(Deadline deadline) const;
  [[nodiscard]] AccessKey renew(Deadline deadline, std::promise<Credentials> result);

  Environment environment_;
  bool ask_instance_;
  Clock clock_;
  std::mutex mutex_;  // guards what follows
  std::optional<Credentials> current_;
  std::chrono::system_clock::time_point renew_from_;              // of current_, when it expires at all
  std::optional<std::shared_future<Credentials>> being_renewed_;  // by one thread; the others wait for it or use current_
};

}  // namespace almanac::internal
