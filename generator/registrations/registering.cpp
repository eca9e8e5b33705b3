#include "registrations/registering.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "backoff.h"
#include "bytes.h"
#include "open_live.h"
#include "publish/look_at.h"
#include "registrations/at_once.h"
#include "registrations/registered.h"

namespace almanac::registrations {

namespace {

using publish::look_at;
using std::chrono::milliseconds;
using std::chrono::system_clock;

constexpr int kMaxAttempts = 10;

// One byte more than a registration may have is enough to see that it is none.
std::optional<Object> look_at_whole(Store& store, const std::string& key) { return look_at(store, key, kMaxSize + 1); }

Outcome compare(const Registration& registration, const Object& before, const std::string& object) {
  try {
    Registration there = parse_registration(internal::as_text(before.bytes), object);
    const bool is_same =
        there.registrant == registration.registrant && there.lease == registration.lease && there.record == registration.record;
    return {is_same ? Change::kRenewed : Change::kChanged, {}, std::move(there)};
  } catch (const Error& error) {
    return {Change::kChanged, error.what(), std::nullopt};
  }
}

// Full jitter, so that two who meet do not meet again and again.
void wait_before(int attempt) {
  constexpr std::uint64_t kFirst = 10;
  constexpr std::uint64_t kMost = 250;
  std::this_thread::sleep_for(milliseconds(internal::random_bits() % std::min(kFirst << static_cast<unsigned>(attempt), kMost)));
}

// Whether the bytes are there, seen by reading them where the store cannot tell. False: what they were to replace is there no more.
bool put_once(Store& store, const std::string& key, const std::string& bytes, const std::optional<Object>& before) {
  try {
    return store.put(key, internal::as_bytes(bytes), before ? PutCondition::if_match(before->etag) : PutCondition::if_absent());
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInputOutput && error.code() != ErrorCode::kConflict) throw;
    const std::optional<Object> there = look_at_whole(store, key);
    if (there && std::ranges::equal(there->bytes, internal::as_bytes(bytes))) return true;
    const bool is_as_before = there.has_value() == before.has_value() && (!there || there->etag == before->etag);
    if (is_as_before) throw;
    return false;
  }
}

// When the object of that key was written; nothing: it is not known.
using WrittenAt = std::function<std::optional<system_clock::time_point>(const std::string& key)>;

Outcome put(Store& store, const Registration& registration, const WrittenAt& written_at) {
  const std::string key = registration_key(registration.namespace_name, registration.name, registration.registrant);
  const std::string object = internal::object_name(store, key);
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    if (attempt > 0) wait_before(attempt);
    const std::optional<Object> before = look_at_whole(store, key);
    Outcome outcome = before ? compare(registration, *before, object) : Outcome();
    // Who came in between has done what was to be done.
    if (attempt > 0 && outcome.change == Change::kRenewed) return outcome;
    if (outcome.change == Change::kRenewed && registration.lease) {
      const auto written = written_at(key);
      if (written && has_lapsed(registration, *written, system_clock::now())) outcome.change = Change::kRevived;
    }
    if (put_once(store, key, encode(registration), before)) return outcome;
  }
  throw Error(ErrorCode::kConflict, object,
              "somebody else wrote it each of " + std::to_string(kMaxAttempts) + " times; is another one registering in the same name?");
}

std::vector<ObjectInfo> objects_of(Store& store, std::string_view registrant) {
  std::vector<ObjectInfo> objects = store.list(kPrefix);
  std::erase_if(objects, [&](const ObjectInfo& object) { return !is_key_of(object.key, registrant); });
  return objects;
}

struct Version {
  std::string key;
  std::string etag;
};

// False: there is another one by now. It is looked at once more, for a server that passes over the condition.
bool remove_version(Store& store, const Version& version) {
  const std::optional<Object> there = look_at(store, version.key);
  if (!there) return true;
  return there->etag == version.etag && store.remove(version.key, PutCondition::if_match(version.etag));
}

// As they are now, before anything of the declaration is put.
std::vector<Version> others(Store& store, const std::vector<ObjectInfo>& objects, const std::vector<Registration>& all,
                            progress::Progress& progress) {
  std::set<std::string> declared;
  for (const Registration& each : all) declared.insert(registration_key(each.namespace_name, each.name, each.registrant));
  std::vector<std::string> keys;
  for (const ObjectInfo& object : objects) {
    if (!declared.contains(object.key)) keys.push_back(object.key);
  }
  std::vector<Version> versions(keys.size());
  progress.begin("looking at what was registered", keys.size());
  at_once(keys.size(), kConcurrency, progress, [&](std::size_t i) {
    if (std::optional<Object> object = look_at(store, keys[i])) versions[i] = {keys[i], std::move(object->etag)};
  });
  std::erase_if(versions, [](const Version& version) { return version.key.empty(); });
  return versions;
}

}  // namespace

// To know when it was written would take a listing, as dear as the registration itself.
Outcome put(Store& store, const Registration& registration) {
  return put(store, registration, [](const std::string&) { return std::nullopt; });
}

bool remove(Store& store, const std::string& key) {
  const bool was_there = look_at(store, key).has_value();
  store.remove(key);  // in any case: a store that cannot be written to is told of
  return was_there;
}

std::vector<std::string> keys_of(Store& store, std::string_view registrant) {
  std::vector<std::string> keys;
  for (ObjectInfo& object : objects_of(store, registrant)) keys.push_back(std::move(object.key));
  return keys;
}

Declared declare(Store& store, std::string_view registrant, const std::vector<Registration>& all, progress::Progress& progress) {
  const std::vector<ObjectInfo> objects = objects_of(store, registrant);
  std::map<std::string_view, system_clock::time_point> times;
  for (const ObjectInfo& object : objects) times.emplace(object.key, object.modified);
  const auto written_at = [&](const std::string& key) {
    const auto found = times.find(key);
    return found == times.end() ? std::nullopt : std::optional(found->second);
  };
  const std::vector<Version> before = others(store, objects, all, progress);
  Declared declared;
  declared.outcomes.resize(all.size());
  progress.begin("registering", all.size());
  at_once(all.size(), kConcurrency, progress, [&](std::size_t i) { declared.outcomes[i] = put(store, all[i], written_at); });
  std::vector<char> is_gone(before.size());
  progress.begin("taking away what is no longer named", before.size());
  at_once(before.size(), kConcurrency, progress, [&](std::size_t i) { is_gone[i] = remove_version(store, before[i]) ? 1 : 0; });
  progress.end();
  for (std::size_t i = 0; i < before.size(); ++i) (is_gone[i] != 0 ? declared.removed : declared.left).push_back(before[i].key);
  return declared;
}

void remove_all(Store& store, const std::vector<std::string>& keys, progress::Progress& progress) {
  progress.begin("taking registrations away", keys.size());
  at_once(keys.size(), kConcurrency, progress, [&](std::size_t i) { store.remove(keys[i]); });
  progress.end();
}

}  // namespace almanac::registrations
