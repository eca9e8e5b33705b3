#include "registrations/registered.h"

#include <utility>
#include <variant>

#include "bytes.h"
#include "open_live.h"
#include "registrations/at_once.h"

namespace almanac::registrations {

namespace {

using std::chrono::system_clock;

// Of one object; nothing in it: it is gone.
using Found = std::variant<std::monostate, Registered, Unreadable>;

Registered parse(const Store& store, const ObjectInfo& info, Object object, system_clock::time_point now) {
  Registered found;
  const std::string name = internal::object_name(store, info.key);
  found.registration = parse_registration(internal::as_text(object.bytes), name);
  const Registration& said = found.registration;
  const std::string key = registration_key(said.namespace_name, said.name, said.registrant);
  if (key != info.key) throw Error(ErrorCode::kCorrupt, name, "holds the registration that belongs to " + key);
  found.key = info.key;
  found.etag = std::move(object.etag);
  found.modified = info.modified;
  found.lapsed = has_lapsed(said, info.modified, now);
  return found;
}

// By when it was last written: what was renewed after it was listed, perhaps with a shorter lease, was valid all the time.
void judge_anew(Store& store, Registered& found, system_clock::time_point now) {
  for (const ObjectInfo& object : store.list(found.key)) {
    if (object.key == found.key) found.modified = object.modified;
  }
  found.lapsed = has_lapsed(found.registration, found.modified, now);
}

Found read(Store& store, const ObjectInfo& info, system_clock::time_point now) {
  GetOptions options;
  options.max_size = kMaxSize;
  try {
    Registered found = parse(store, info, store.get(info.key, options).value(), now);
    if (found.lapsed) judge_anew(store, found, now);
    return found;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kNotFound) return {};  // since it was listed
    if (error.code() != ErrorCode::kCorrupt && error.code() != ErrorCode::kLimitExceeded) throw;
    return Unreadable{info.key, error};
  }
}

// What is too large by itself is not read.
void expect_no_more_than_can_be_held(const Store& store, const std::vector<ObjectInfo>& objects) {
  std::uint64_t total = 0;
  for (const ObjectInfo& object : objects) total += object.size <= kMaxSize ? object.size : 0;
  if (total <= kMaxTotal) return;
  throw Error(ErrorCode::kLimitExceeded, internal::object_name(store, kPrefix),
              "has registrations of " + std::to_string(total) + " bytes, and " + std::to_string(kMaxTotal) +
                  " are the most; look for the largest ones, and deregister what is not needed");
}

}  // namespace

bool has_lapsed(const Registration& registration, system_clock::time_point modified, system_clock::time_point now) noexcept {
  // In milliseconds no difference of two times overflows, nor does the longest lease.
  using std::chrono::milliseconds;
  return registration.lease &&
         std::chrono::floor<milliseconds>(now) - std::chrono::floor<milliseconds>(modified) >= milliseconds(*registration.lease);
}

Reading read_registrations(Store& store, const ReadOptions& options, progress::Progress& progress) {
  const std::vector<ObjectInfo> objects = store.list(kPrefix);
  expect_no_more_than_can_be_held(store, objects);
  const system_clock::time_point now = options.now.value_or(system_clock::now());
  std::vector<Found> found(objects.size());
  progress.begin("reading registrations", objects.size());
  at_once(objects.size(), options.concurrency, progress, [&](std::size_t i) { found[i] = read(store, objects[i], now); });
  progress.end();
  Reading reading;
  for (Found& each : found) {
    if (auto* registered = std::get_if<Registered>(&each)) reading.registered.push_back(std::move(*registered));
    if (auto* unreadable = std::get_if<Unreadable>(&each)) reading.unreadable.push_back(std::move(*unreadable));
  }
  return reading;
}

}  // namespace almanac::registrations
