// A registry over a store in memory, by a clock that the test moves.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "registry_access.h"
#include "rollout.h"
#include "support/clean_environment.h"
#include "support/scripted_store.h"
#include "support/temporary_directory.h"

namespace almanac::internal {

class ClockedRegistryTest : public testing::Test {
 protected:
  ClockedRegistryTest() {
    options_.cache_directory = folder_ / "cache";
    options_.max_age = std::chrono::hours(24 * 365);  // only what is due by a schedule is a moment to look
    options_.caller = Caller().set("instance", "i-1");
    options_.on_refresh = [this](const RefreshEvent& event) { events_.push_back(event); };
  }

  [[nodiscard]] std::chrono::system_clock::time_point now() const { return std::chrono::system_clock::time_point(kStart) + since_start(); }
  void set_clock(Moment moment) { since_start_ = (moment - kStart).count(); }
  void pass(std::chrono::milliseconds time) { since_start_ += time.count(); }

  [[nodiscard]] Registry open() { return open(options_); }
  [[nodiscard]] Registry open(RegistryOptions options) {
    return RegistryAccess::open(store_, std::move(options), [this] { return now(); });
  }
  [[nodiscard]] Registry open_as(const std::string& instance) {
    RegistryOptions options = options_;
    options.caller->set("instance", instance);
    options.on_refresh = nullptr;
    return open(std::move(options));
  }

  static std::string users(const View& view) { return std::string(view.find("users").value().uri()); }
  // The keys asked for since `before`.
  [[nodiscard]] std::vector<std::string> asked_since(std::size_t before) const {
    std::vector<std::string> keys;
    for (const support::ScriptedStore::Get& get : store_->gets()) keys.push_back(get.key);
    return {keys.begin() + static_cast<std::ptrdiff_t>(before), keys.end()};
  }

  static constexpr Moment kStart = Moment(std::chrono::seconds(1'800'000'000));

  support::CleanEnvironment environment_;
  support::TemporaryDirectory folder_;
  std::shared_ptr<support::ScriptedStore> store_ = std::make_shared<support::ScriptedStore>();
  RegistryOptions options_;
  std::vector<RefreshEvent> events_;

 private:
  [[nodiscard]] std::chrono::milliseconds since_start() const { return std::chrono::milliseconds(since_start_); }
  std::atomic<std::chrono::milliseconds::rep> since_start_ = 0;
};

}  // namespace almanac::internal
