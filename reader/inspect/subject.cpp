#include "subject.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "bundle.h"
#include "open_live.h"
#include "snapshot_data.h"
#include "store/ascii.h"

namespace almanac::inspect {
namespace {

struct Address {
  std::string store;
  std::optional<std::uint64_t> generation;
};

bool is_directory(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

bool is_store(const std::string& address) { return address.find("://") != std::string::npos || is_directory(address); }

// STORE@7. A directory whose own name ends so is taken as it is.
Address split_generation(const std::string& what) {
  const std::size_t at = what.rfind('@');
  if (at == std::string::npos || is_directory(what)) return {what, std::nullopt};
  const std::optional<std::uint64_t> generation = internal::parse_number(std::string_view(what).substr(at + 1));
  std::string store = what.substr(0, at);
  if (!generation || !is_store(store)) return {what, std::nullopt};
  return {std::move(store), generation};
}

void expect_current(const std::string& directory) {
  std::error_code ignored;
  const std::filesystem::path root(directory);
  // What cannot be looked at may be there: opening it tells why.
  if (std::filesystem::status(root / internal::kCurrentKey, ignored).type() != std::filesystem::file_type::not_found) return;
  if (is_directory(root / "registrations")) {
    throw Error(ErrorCode::kNotFound, directory,
                "nothing was published there yet; generate-snapshot sync publishes what is registered there");
  }
  throw Error(ErrorCode::kNotFound, directory,
              "a directory without the file \"current\" is no store; name a store, or a snapshot file such as FILE.almanac");
}

internal::LiveSnapshot open_then(const std::shared_ptr<Store>& store, std::uint64_t generation) {
  try {
    return internal::open_generation(store, generation, OpenOptions{});
  } catch (const Error& error) {
    const bool never_was =
        error.code() == ErrorCode::kNotFound && error.object() == internal::object_name(*store, internal::generation_key(generation));
    if (!never_was) throw;
    throw Error(ErrorCode::kNotFound, std::string(store->name()), "has no generation " + std::to_string(generation));
  }
}

Subject open_from_file(const std::string& file) {
  std::unique_ptr<internal::ByteSource> source = internal::open_file(file);
  std::optional<Object> bundle = internal::read_bundle(*source);
  if (!bundle) return {file, internal::open_snapshot(std::move(source), OpenOptions{}), std::nullopt};
  // It has all of its snapshot, and asks no store for more.
  internal::LiveSnapshot live = internal::open_object(nullptr, file, *std::move(bundle), OpenOptions{});
  return {file, std::move(live.snapshot), std::move(live.announcement)};
}

}  // namespace

Subject open_subject(const std::string& what) {
  const Address address = split_generation(what);
  if (!is_store(address.store)) return open_from_file(what);
  if (is_directory(address.store)) expect_current(address.store);
  const std::shared_ptr<Store> store = open_store(address.store);
  internal::LiveSnapshot live = address.generation ? open_then(store, *address.generation) : internal::open_live(store, OpenOptions{});
  return {what, std::move(live.snapshot), std::move(live.announcement), !address.generation, store};
}

Subject open_generation(const Subject& subject, std::uint64_t generation) {
  internal::LiveSnapshot live = open_then(subject.store, generation);
  return {subject.name, std::move(live.snapshot), std::move(live.announcement), false, subject.store};
}

Subject open_previous(const Subject& subject) {
  const internal::GenerationRollout& rollout = subject.publication.value().rollout.value();
  if (!subject.store) {
    throw Error(ErrorCode::kNotFound, subject.name,
                "holds the snapshot of generation " + std::to_string(subject.publication->generation) +
                    " alone, and this caller has that of " + std::to_string(rollout.previous_generation) + "; name the store");
  }
  const internal::AnnouncedObject previous = internal::fetch_previous(*subject.store, *subject.publication);
  internal::LiveSnapshot live = internal::open_announced(subject.store, previous, OpenOptions{});
  return {subject.name, std::move(live.snapshot), std::move(live.announcement), false, subject.store};
}

}  // namespace almanac::inspect
