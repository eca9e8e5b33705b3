// A frame in the cache directory is not read through again when it is mapped: whatever happened to its bytes, the answers may be
// wrong or an Error, and asking for them must do no harm.
#include <almanac/error.h>
#include <almanac/snapshot.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <random>
#include <vector>

#include "damage/whole_use.h"
#include "property/random_seed.h"
#include "support/file_bytes.h"
#include "support/registry_builder.h"
#include "support/temporary_directory.h"

namespace almanac {
namespace {

constexpr std::size_t kTrailer = 64;  // says whose frame it is

std::filesystem::path frame_in(const std::filesystem::path& cache) {
  for (const auto& file : std::filesystem::directory_iterator(cache)) {
    if (file.path().extension() == ".frame") return file.path();
  }
  ADD_FAILURE() << "there is no frame in " << cache;
  return {};
}

void replace(const std::filesystem::path& file, const std::vector<std::byte>& bytes) {
  std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  support::write_bytes(file, bytes);
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
}

class CachedFrame : public testing::Test {
 protected:
  CachedFrame() {
    use();
    frame_ = frame_in(cache_.path());
    whole_ = support::read_bytes(frame_);
  }

  void use() const {
    const Snapshot snapshot = Snapshot::from_bytes(file_, "x", {.cache_directory = cache_.path().string()});
    for (std::size_t i = 0; i < snapshot.namespace_count(); ++i) {
      try {
        (void)damage::use(snapshot.in(snapshot.namespace_info(i).name));
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::kCorrupt) << error.what();
      }
    }
  }

  void use_with(const std::vector<std::byte>& bytes) const {
    replace(frame_, bytes);
    use();
  }

  const support::TemporaryDirectory cache_;
  const std::vector<std::byte> file_ =
      support::snapshot_of({{"a", support::numbered_services(40)}, {"b", support::numbered_services(100)}});
  std::filesystem::path frame_;
  std::vector<std::byte> whole_;
};

TEST_F(CachedFrame, any_word_may_be_any_other) {
  std::mt19937_64 random(property::random_seed());
  for (int round = 0; round < 300; ++round) {
    std::vector<std::byte> bytes = whole_;
    const std::size_t words = 1 + random() % 8;
    for (std::size_t i = 0; i < words; ++i) {
      const std::size_t at = random() % ((bytes.size() - kTrailer) / 4) * 4;
      const std::array<std::uint32_t, 4> values = {0, UINT32_MAX, 0x7FFFFFF0U, static_cast<std::uint32_t>(random())};
      const auto value = std::as_bytes(std::span(&values.at(random() % values.size()), 1));
      std::ranges::copy(value, bytes.begin() + static_cast<std::ptrdiff_t>(at));
    }
    ASSERT_NO_FATAL_FAILURE(use_with(bytes)) << "round " << round;
  }
}

TEST_F(CachedFrame, all_of_a_stretch_may_be_ones) {
  constexpr std::size_t kStretch = 1'024;
  for (std::size_t at = 0; at + kStretch + kTrailer < whole_.size(); at += kStretch / 4) {
    std::vector<std::byte> bytes = whole_;
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), kStretch, std::byte{0xFF});
    ASSERT_NO_FATAL_FAILURE(use_with(bytes)) << "from " << at;
  }
}

}  // namespace
}  // namespace almanac
