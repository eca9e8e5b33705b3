// A registry that is read over http, through a proxy that makes things go wrong, from a real web server.
#pragma once

#include <almanac/registry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "announcement.h"
#include "live_registries.h"
#include "support/clean_environment.h"
#include "support/fault_proxy.h"
#include "support/file_bytes.h"
#include "support/nginx.h"
#include "support/published_store.h"
#include "support/ruled_registry.h"
#include "support/schedules.h"

namespace almanac::live {

class LiveTest : public testing::Test {
 protected:
  // nginx makes an ETag of the size and the second in which a file was written, so each version gets a second of its own.
  void publish(const std::vector<support::NamespaceBuilder>& namespaces) {
    live_ = store_.publish(namespaces).announcement;
    stamp_current();
  }
  // To begin with, no instance has this one.
  void publish_for_later(const std::vector<support::NamespaceBuilder>& namespaces) {
    const internal::Announcement previous = live_;
    publish(namespaces);
    live_.rollout = support::rollout_from(previous, live_.generation, support::all_at(internal::kLastMoment));
    std::vector<std::byte> current = internal::encode_announcement(live_);
    const std::vector<std::byte> snapshot = support::snapshot_of(namespaces);
    current.insert(current.end(), snapshot.begin(), snapshot.end());
    support::write_bytes(store_.root() / "current", current);
    stamp_current();
  }

  // Each view() looks.
  [[nodiscard]] RegistryOptions options() const {
    RegistryOptions made;
    made.namespace_name = "prod";
    made.cache_directory = folder_ / "cache";
    made.max_age = std::chrono::milliseconds(0);
    made.open_deadline = open_deadline_;
    made.refresh_deadline = refresh_deadline_;
    return made;
  }
  [[nodiscard]] Registry open() const { return Registry::open(proxy_.url(), options()); }

  void stamp_current() {
    std::filesystem::last_write_time(store_.root() / "current",
                                     std::filesystem::file_time_type::clock::now() + ++versions_ * std::chrono::seconds(1));
  }

  support::CleanEnvironment environment_;
  support::TemporaryDirectory folder_;
  support::PublishedStore store_;
  support::Nginx server_{store_.root()};
  support::FaultProxy proxy_{server_.http()};
  int versions_ = 0;
  internal::Announcement live_;
  std::chrono::milliseconds open_deadline_ = RegistryOptions().open_deadline;
  std::chrono::milliseconds refresh_deadline_ = RegistryOptions().refresh_deadline;
};

}  // namespace almanac::live
