// A directory store with what a test publishes in it.
//
//   PublishedStore store;
//   store.publish({{"prod", {service("users").uri("http://1")}}});
//   auto registry = Registry::open(store.store());
#pragma once

#include <almanac/store.h>

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "publish/publisher.h"
#include "support/registry_builder.h"
#include "support/temporary_directory.h"

namespace almanac::support {

inline constexpr std::chrono::system_clock::time_point kPublished{std::chrono::seconds(1'700'000'000)};

// On top of whatever is live.
inline publish::Publication publish_with(publish::Publisher publisher, std::span<const std::byte> snapshot) {
  publish::Terms terms;
  terms.now = kPublished;
  terms.on_conflict = publish::OnConflict::kRetry;
  return publisher.publish(publisher.settle(), snapshot, terms);
}

[[nodiscard]] inline bool changed(const publish::Publication& publication) {
  return publication.outcome == publish::Publication::Outcome::kLive;
}

inline publish::Publication publish_to(const std::shared_ptr<Store>& store, const std::vector<NamespaceBuilder>& namespaces) {
  return publish_with(publish::Publisher(store), snapshot_of(namespaces));
}

class PublishedStore {
 public:
  PublishedStore() : store_(open_store(root().string())) {}

  [[nodiscard]] std::filesystem::path root() const { return folder_ / "store"; }
  [[nodiscard]] std::shared_ptr<Store> store() const { return store_; }

  publish::Publication publish(const std::vector<NamespaceBuilder>& namespaces) { return publish_to(store_, namespaces); }

 private:
  TemporaryDirectory folder_;
  std::shared_ptr<Store> store_;
};

}  // namespace almanac::support
