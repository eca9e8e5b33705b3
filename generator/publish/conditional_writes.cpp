#include "publish/conditional_writes.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "publish/look_at.h"
#include "publish/refused.h"
#include "store/ascii.h"

namespace almanac::publish {

namespace {

// Whoever removes the probe at the wrong moment must do so this often to make a good store look bad.
constexpr int kMaxTrials = 3;

// Other bytes than ever before, so that the etag is another one too.
std::string fresh_text() {
  std::random_device source;
  std::string text;
  for (int i = 0; i < 4; ++i) text += std::to_string(source()) + "\n";
  return text;
}

std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

// An etag as the store makes them, and not the one given.
std::string another_etag(std::string etag) {
  const auto digit = std::ranges::find_if(etag, internal::is_ascii_alphanumeric);
  if (digit == etag.end()) return "0";
  *digit = *digit == '0' ? '1' : '0';
  return etag;
}

bool keeps_if_absent(Store& store) {
  for (int attempt = 0; attempt < kMaxTrials; ++attempt) {
    if (!store.put(kProbeKey, bytes_of(fresh_text()), PutCondition::if_absent())) return true;
  }
  return false;
}

bool keeps_if_match(Store& store) {
  for (int attempt = 0; attempt < kMaxTrials; ++attempt) {
    const std::optional<Object> there = look_at(store, kProbeKey);
    const std::string other = another_etag(there ? there->etag : std::string());
    if (!store.put(kProbeKey, bytes_of(fresh_text()), PutCondition::if_match(other))) return true;
  }
  return false;
}

bool keeps_both(Store& store) {
  try {
    return keeps_if_absent(store) && keeps_if_match(store);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kUnsupported) throw;
  }
  // Or it takes no writes at all, and says so now.
  (void)store.put(kProbeKey, bytes_of(fresh_text()), {});
  return false;
}

class ConditionalStore final : public Store {
 public:
  ConditionalStore(std::shared_ptr<Store> store, Unkept unkept, std::function<void()> on_emulation)
      : store_(std::move(store)), unkept_(unkept), on_emulation_(std::move(on_emulation)) {}

  [[nodiscard]] std::string_view name() const noexcept override { return store_->name(); }
  [[nodiscard]] std::string identity() const override { return store_->identity(); }
  [[nodiscard]] std::optional<Object> get(std::string_view key, const GetOptions& options) override { return store_->get(key, options); }
  [[nodiscard]] std::vector<ObjectInfo> list(std::string_view prefix) override { return store_->list(prefix); }
  [[nodiscard]] StoreTraffic traffic() const noexcept override { return store_->traffic(); }

  [[nodiscard]] bool put(std::string_view key, std::span<const std::byte> bytes, const PutCondition& condition) override {
    if (condition.kind == PutCondition::Kind::kNone) return store_->put(key, bytes, condition);
    if (are_kept()) return store_->put(key, bytes, condition);
    return holds(key, condition) && store_->put(key, bytes, {});
  }
  [[nodiscard]] bool remove(std::string_view key, const PutCondition& condition) override {
    if (condition.kind == PutCondition::Kind::kNone || are_kept()) return store_->remove(key, condition);
    const std::optional<Object> there = look_at(*store_, key);
    if (there && there->etag != condition.etag) return false;
    return store_->remove(key, {});
  }

 private:
  [[nodiscard]] bool are_kept() {
    const std::scoped_lock lock(mutex_);
    if (kept_) return *kept_;
    const bool kept = try_out();
    if (!kept && unkept_ == Unkept::kRefuse) {
      throw Refused(Refused::Reason::kConditionalWrites, ErrorCode::kUnsupported, std::string(name()),
                    "does not keep the conditions of writes, so publishers would overwrite each other; nothing was published. Take a store "
                    "that does, or, where there is only ever one publisher at a time, --unsafe-no-cas");
    }
    if (!kept && on_emulation_) on_emulation_();
    kept_ = kept;
    return kept;
  }

  [[nodiscard]] bool try_out() {
    try {
      return keeps_both(*store_);
    } catch (const Error& error) {
      throw NotTriedOut(error);
    }
  }

  [[nodiscard]] bool holds(std::string_view key, const PutCondition& condition) {
    const std::optional<Object> there = look_at(*store_, key);
    return condition.kind == PutCondition::Kind::kIfAbsent ? !there : there && there->etag == condition.etag;
  }

  std::shared_ptr<Store> store_;
  Unkept unkept_;
  std::function<void()> on_emulation_;
  std::mutex mutex_;
  std::optional<bool> kept_;  // not known yet
};

}  // namespace

std::shared_ptr<Store> keep_conditions(std::shared_ptr<Store> store, Unkept unkept, std::function<void()> on_emulation) {
  return std::make_shared<ConditionalStore>(std::move(store), unkept, std::move(on_emulation));
}

}  // namespace almanac::publish
