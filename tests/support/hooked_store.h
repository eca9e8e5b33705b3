// A store in between, which tells a test of each call before it is passed on and after it was, however that ended.
//
//   HookedStore store(inner, [&](const StoreCall& call) { if (call.key == "current") somebody_else_publishes(); });
#pragma once

#include <almanac/store.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace almanac::support {

struct StoreCall {
  enum class Kind { kGet, kPut, kList, kRemove } kind;
  std::string key;  // or prefix
  PutCondition::Kind condition = PutCondition::Kind::kNone;
  std::optional<std::uint64_t> size = std::nullopt;  // of a get: bytes asked for, when not all
};

class HookedStore final : public Store {
  // Ahead of its uses, which need to know what it returns.
  template <typename Action>
  auto watched(const StoreCall& call, const Action& action) {
    before_(call);
    auto result = [&] {
      try {
        return action();
      } catch (const Error&) {
        after_(call);
        throw;
      }
    }();
    after_(call);
    return result;
  }

 public:
  using Hook = std::function<void(const StoreCall&)>;
  // What a hook throws is what the call throws.
  explicit HookedStore(
      std::shared_ptr<Store> store, Hook before, Hook after = [](const StoreCall&) {})
      : store_(std::move(store)), before_(std::move(before)), after_(std::move(after)) {}

  [[nodiscard]] std::string_view name() const noexcept override { return store_->name(); }

  [[nodiscard]] std::optional<Object> get(std::string_view key, const GetOptions& options) override {
    return watched({StoreCall::Kind::kGet, std::string(key), {}, options.size}, [&] { return store_->get(key, options); });
  }
  [[nodiscard]] bool put(std::string_view key, std::span<const std::byte> bytes, const PutCondition& condition) override {
    return watched({StoreCall::Kind::kPut, std::string(key), condition.kind}, [&] { return store_->put(key, bytes, condition); });
  }
  [[nodiscard]] std::vector<ObjectInfo> list(std::string_view prefix) override {
    return watched({StoreCall::Kind::kList, std::string(prefix)}, [&] { return store_->list(prefix); });
  }
  [[nodiscard]] bool remove(std::string_view key, const PutCondition& condition) override {
    return watched({StoreCall::Kind::kRemove, std::string(key), condition.kind}, [&] { return store_->remove(key, condition); });
  }

 private:
  std::shared_ptr<Store> store_;
  Hook before_;
  Hook after_;
};

}  // namespace almanac::support
