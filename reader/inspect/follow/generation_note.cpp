#include "inspect/follow/generation_note.h"

#include <fcntl.h>

#include <almanac/error.h>

#include <array>
#include <cerrno>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include "store/ascii.h"
#include "whole_file.h"

namespace almanac::inspect {

namespace {

// A number, and the address of a store.
constexpr std::size_t kMaxNote = 8192;

}  // namespace

GenerationNote::GenerationNote(const std::filesystem::path& file, std::string store_name)
    : path_(file.parent_path() / ("." + file.filename().string() + ".generation")), store_name_(std::move(store_name)) {}

// Whoever may write to that folder may have put anything of that name there: no link is followed, and no pipe waited for.
KeptGeneration GenerationNote::read() const {
  KeptGeneration kept{0, path_.string()};
  const internal::FileDescriptor file(::open(path_.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file && errno == ENOENT) return kept;
  std::array<char, kMaxNote> bytes{};
  const ssize_t size = file ? ::read(file.get(), bytes.data(), bytes.size()) : -1;
  if (size < 0) throw Error(ErrorCode::kInputOutput, kept.place, "cannot be read: " + std::generic_category().message(errno));
  std::string_view store(bytes.data(), static_cast<std::size_t>(size));
  const std::optional<std::uint64_t> number = internal::take_number(store);
  if (!number || !store.starts_with(' ') || !store.ends_with('\n')) {
    throw Error(ErrorCode::kInputOutput, kept.place,
                "does not say the generation that the file is of; remove it to take the store as it is");
  }
  if (store.substr(1, store.size() - 2) == store_name_) kept.number = *number;
  return kept;
}

void GenerationNote::write(std::uint64_t generation) const {
  const std::string text = std::to_string(generation) + " " + store_name_ + "\n";
  internal::PendingFile(path_, std::as_bytes(std::span(text))).commit();
}

}  // namespace almanac::inspect
