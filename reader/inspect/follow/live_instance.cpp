#include "inspect/follow/live_instance.h"

#include <algorithm>
#include <string>
#include <utility>

namespace almanac::inspect {

bool LiveInstance::has_moved(const internal::Announcement& live, internal::Moment now, std::uint64_t kept) const {
  const internal::GenerationRollout* const rollout = internal::unfinished_rollout(live, now);
  return rollout == nullptr || rollout->previous_generation < std::max(served_, kept) || rollout->status_for(caller_, now).moved;
}

// What was pruned is not waited for.
internal::LiveSnapshot LiveInstance::open_previous(const internal::AnnouncedObject& live) const {
  try {
    return internal::open_announced(store_, internal::fetch_previous(*store_, live.announcement), OpenOptions{});
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNotFound) throw;
    return internal::open_announced(store_, live, OpenOptions{});
  }
}

std::optional<internal::LiveSnapshot> LiveInstance::look(internal::Moment now, const KeptGeneration& kept) {
  GetOptions options;
  options.max_size = internal::kMaxAnnouncedSize;
  if (live_) options.if_none_match = live_->etag;
  std::optional<internal::AnnouncedObject> live = live_;
  if (std::optional<Object> object = internal::get_if_changed(*store_, internal::kCurrentKey, options)) {
    live = internal::parse_announced(internal::object_name(*store_, internal::kCurrentKey), *std::move(object));
  }
  const internal::Announcement& announced = live.value().announcement;
  if (announced.generation < kept.number) {
    throw Error(ErrorCode::kConflict, live->name,
                "announces generation " + std::to_string(announced.generation) + ", older than " + std::to_string(kept.number) +
                    ", which was live before: not followed until it is replaced, or " + kept.place + " is removed");
  }
  const bool has_it = has_moved(announced, now, kept.number);
  const std::uint64_t wanted = has_it ? announced.generation : announced.rollout.value().previous_generation;
  std::optional<internal::LiveSnapshot> news;
  if (wanted != served_) news = has_it ? internal::open_announced(store_, *live, OpenOptions{}) : open_previous(*live);
  served_ = news ? news->announcement.generation : wanted;
  live_ = std::move(live);
  return news;
}

}  // namespace almanac::inspect
