// Damage of every kind to files whose writer did nothing wrong: whatever a disk, a transfer or a careless
// copy can do is refused with an Error that says what, of which file, and where.
#include <almanac/snapshot.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "damage/whole_use.h"
#include "preamble.h"
#include "property/random_seed.h"
#include "support/crafted_snapshot.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/registry_builder.h"
#include "support/temporary_directory.h"

namespace almanac {
namespace {

using File = std::vector<std::byte>;
using support::endpoint;
using support::error_from;
using support::IsError;
using support::service;

const std::string kName = "damaged.almanac";

// Opens everything. What is thrown is the first refusal of verify(), which has to find whatever in() finds.
void open_all(const Snapshot& snapshot) {
  bool whole = true;
  damage::choose(snapshot);
  for (std::size_t i = 0; i < snapshot.namespace_count(); ++i) {
    try {
      EXPECT_EQ(snapshot.in(snapshot.namespace_info(i).name).size(), snapshot.namespace_info(i).services);
    } catch (const Error&) {
      whole = false;
    }
  }
  snapshot.verify();
  if (!whole) throw std::logic_error("verify() finds nothing where in() did");
}

// The refusal, or nothing when no one noticed anything.
std::optional<Error> refusal_of(const File& file) {
  try {
    open_all(Snapshot::from_bytes(file, kName));
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

void expect_refused(const File& file, const std::string& what) {
  const std::optional<Error> error = refusal_of(file);
  ASSERT_TRUE(error.has_value()) << what << " goes unnoticed";
  EXPECT_EQ(error->object(), kName) << what;
  ASSERT_TRUE(error->offset().has_value()) << what << ": " << error->what();
  EXPECT_LE(*error->offset(), file.size()) << what << ": " << error->what();
  EXPECT_TRUE(error->code() == ErrorCode::kCorrupt || error->code() == ErrorCode::kTruncated || error->code() == ErrorCode::kForeign)
      << error->what();
}

std::vector<support::NamespaceBuilder> namespaces() {
  return {{"prod",
           {service("payments/api")
                .endpoint(endpoint("https://a.example/prod").version("2.1.0").zone("us-east-1a").weight(90).tags({"blue"}))
                .endpoint(endpoint("https://b.example/prod").version("2.2.0").weight(10).attributes({{"pool", "b"}}))
                .description("Takes money")
                .tags({"pci"})
                .attributes({{"owner", "team-payments"}, {"timeout_ms", "500"}}),
            service("payments/api/max-retries").value("3"), service("users").uri("https://users.example").tags({"core", "pci"})}},
          {"shared", {service("queue").uri("tcp://10.0.1.5:4161").uri("tcp://10.0.2.7:4161").value("main")}},
          {"staging", support::numbered_services(200)}};
}

// About 2 KB, in one frame as the compiler has it.
File small_snapshot() { return support::snapshot_of(namespaces()); }

// The same services, each namespace in a frame of its own.
File snapshot_of_frames() {
  const model::Registry registry = support::registry(namespaces());
  support::CraftedSnapshot snapshot;
  for (std::uint32_t i = 0; i < registry.namespaces.size(); ++i) {
    const support::CraftedFrame frame = support::CraftedFrame::of(std::span(registry.namespaces).subspan(i, 1));
    snapshot.add_frame(frame.encode());
    snapshot.add_namespace(std::string(registry.namespaces[i].name), i, 0, frame.parts[0].rows, frame.parts[0].endpoints);
  }
  return snapshot.assemble();
}

File file_with_caller_rules() { return support::read_bytes(ALMANAC_SOURCE_DIRECTORY "/tests/damage/version-1.1.almanac"); }

File golden_file() { return support::read_bytes(ALMANAC_SOURCE_DIRECTORY "/tests/golden/many-namespaces-one-frame.almanac"); }

class Damage : public testing::TestWithParam<File (*)()> {};

TEST_P(Damage, UnharmedFileIsWhole) {
  const File file = GetParam()();
  EXPECT_FALSE(refusal_of(file).has_value());
  const Snapshot snapshot = Snapshot::from_bytes(file, kName);
  for (std::size_t i = 0; i < snapshot.namespace_count(); ++i) damage::use(snapshot.in(snapshot.namespace_info(i).name));
  EXPECT_GE(snapshot.namespace_count(), 3U);
  EXPECT_GT(file.size(), 1000U);
  EXPECT_LT(file.size(), 4000U);
}

TEST_P(Damage, EachSingleBitFlipIsRefused) {
  File file = GetParam()();
  for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
    const auto mask = static_cast<std::byte>(1U << bit % 8);
    file[bit / 8] ^= mask;
    expect_refused(file, "bit " + std::to_string(bit));
    file[bit / 8] ^= mask;
  }
}

TEST_P(Damage, EachTruncationIsRefused) {
  const File file = GetParam()();
  for (std::size_t size = 0; size < file.size(); ++size) {
    const File cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
    // Of no bytes at all nobody can tell what they were to be.
    const ErrorCode code = size == 0 ? ErrorCode::kForeign : ErrorCode::kTruncated;
    const std::uint64_t offset = size < internal::kPreambleSize ? 0 : size;
    EXPECT_THAT(error_from([&] { open_all(Snapshot::from_bytes(cut, kName)); }), IsError(code, kName, offset, "")) << size;
  }
}

TEST_P(Damage, BytesBehindTheEndAreRefused) {
  const File file = GetParam()();
  for (const std::size_t count : {1U, 8U, 4096U}) {
    File longer = file;
    longer.resize(file.size() + count);
    EXPECT_THAT(error_from([&] { open_all(Snapshot::from_bytes(longer, kName)); }),
                IsError(ErrorCode::kCorrupt, kName, longer.size(), "bytes where its preamble says"));
  }
}

TEST_P(Damage, TwiceTheFileIsRefused) {
  File file = GetParam()();
  const File once = file;
  file.insert(file.end(), once.begin(), once.end());
  expect_refused(file, "the file twice");
}

std::string name_of(const testing::TestParamInfo<File (*)()>& file) {
  constexpr std::array kNames = {"OneFrame", "FrameForEachNamespace", "CallerRules", "Golden"};
  return kNames[file.index];
}

INSTANTIATE_TEST_SUITE_P(Files, Damage, testing::Values(&small_snapshot, &snapshot_of_frames, &file_with_caller_rules, &golden_file),
                         name_of);

// Frames of one stored size, so that everything but their digests fits when they change places.
TEST(DamageOfFrames, TwoThatChangedPlacesAreRefused) {
  std::vector<File> stored;
  for (const char* host : {"a", "b"}) {
    const model::Registry registry = support::registry({{"prod", {service("users").uri(std::string("https://") + host)}}});
    stored.push_back(support::compressed(support::CraftedFrame::of(registry.namespaces).encode()));
  }
  ASSERT_EQ(stored[0].size(), stored[1].size());
  support::CraftedSnapshot snapshot;
  const std::size_t inflated = support::CraftedFrame::of(support::registry(support::users_at("https://a")).namespaces).encode().size();
  for (std::uint32_t i = 0; i < 2; ++i) {
    snapshot.add_stored_frame(stored[i], inflated);
    snapshot.add_namespace(i == 0 ? "blue" : "green", i, 0, 1, 1);
  }
  EXPECT_FALSE(refusal_of(snapshot.assemble()).has_value());
  std::swap(snapshot.stored_frames[0], snapshot.stored_frames[1]);
  const File swapped = snapshot.assemble();
  EXPECT_THAT(error_from([&] { open_all(Snapshot::from_bytes(swapped, kName)); }),
              IsError(ErrorCode::kCorrupt, kName, support::first_frame_of(swapped), "digest does not hold"));
}

// A frame that is damaged does not take the others with it.
TEST(DamageOfFrames, OtherNamespacesStayInReach) {
  File file = snapshot_of_frames();
  const Snapshot whole = Snapshot::from_bytes(file, kName);
  const std::uint64_t at = whole.frame_info(1).offset;
  file[at] ^= std::byte{1};
  const Snapshot snapshot = Snapshot::from_bytes(file, kName);
  EXPECT_TRUE(snapshot.in("prod").contains("users"));
  EXPECT_TRUE(snapshot.in("staging").contains("s0000000"));
  EXPECT_THAT(error_from([&] { (void)snapshot.in("shared"); }), IsError(ErrorCode::kCorrupt, kName, at, "digest does not hold"));
  EXPECT_THAT(error_from([&] { (void)snapshot.in("shared"); }), IsError(ErrorCode::kCorrupt, kName, at, "digest does not hold"));
}

TEST(DamageOfALargeFile, RandomBytesChangedAreRefused) {
  std::mt19937_64 random(property::random_seed());
  std::vector<support::NamespaceBuilder> large = namespaces();
  for (support::ServiceBuilder& one : large[2].services) {
    std::string noise(2048, ' ');  // does not compress away
    for (char& c : noise) c = static_cast<char>('!' + random() % 90);
    one.description(noise);
  }
  File file = support::snapshot_of(large);
  ASSERT_GT(file.size(), 200'000U);
  for (int i = 0; i < 1000; ++i) {
    const std::size_t at = random() % file.size();
    const auto change = static_cast<std::byte>(1 + random() % 255);
    file[at] ^= change;
    expect_refused(file, "byte " + std::to_string(at) + " XOR " + std::to_string(std::to_integer<int>(change)));
    file[at] ^= change;
  }
  EXPECT_FALSE(refusal_of(file).has_value());
}

File bytes_of(const std::string& text) {
  File bytes(text.size());
  std::ranges::transform(text, bytes.begin(), [](char c) { return static_cast<std::byte>(c); });
  return bytes;
}

TEST(ForeignFiles, AreToldApartFromDamagedOnes) {
  using namespace std::string_literals;
  const std::vector<std::pair<const char*, File>> files = {
      {"zeros", File(4096)},
      {"a JPEG picture", bytes_of("\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1"s + std::string(200, 'x'))},
      {"a PNG picture", bytes_of("\x89PNG\r\n\x1A\n"s + std::string(200, 'x'))},
      {"an empty file", {}},
      {"one byte", bytes_of("\1")},
      {"a zstd file", bytes_of("\x28\xB5\x2F\xFD\x04\0"s + std::string(200, 'x'))},
      {"JSON Lines", bytes_of(R"({"namespace":"prod","name":"users","value":"1"})")},
      {"a snapshot whose line ends were changed", bytes_of("\x89"
                                                           "ALM\n\x1A\n"s +
                                                           std::string(200, 'x'))},
  };
  for (const auto& [what, file] : files) {
    EXPECT_THAT(error_from([&] { (void)Snapshot::from_bytes(file, kName); }),
                IsError(ErrorCode::kForeign, kName, 0U, "is not an almanac snapshot"))
        << what;
  }
}

// The same through a real file, which is read and not borrowed.
TEST(DamageOfAFile, IsNamedByItsPath) {
  const support::TemporaryDirectory folder;
  const std::filesystem::path path = folder / "acme.almanac";
  File file = small_snapshot();
  const std::uint64_t frame = support::first_frame_of(file);
  file.back() ^= std::byte{1};
  support::write_bytes(path, file);
  const Snapshot snapshot = Snapshot::open(path);
  EXPECT_THAT(error_from([&] { (void)snapshot.in("prod"); }), IsError(ErrorCode::kCorrupt, path.string(), frame, "digest does not hold"));
  EXPECT_THAT(error_from([&] { snapshot.verify(); }), IsError(ErrorCode::kCorrupt, path.string(), frame, "digest does not hold"));
  file.pop_back();
  support::write_bytes(path, file);
  EXPECT_THAT(error_from([&] { (void)Snapshot::open(path); }),
              IsError(ErrorCode::kTruncated, path.string(), file.size(), "its preamble says"));
}

// A file may shrink after it was opened; what was inflated before stays.
TEST(DamageOfAFile, ThatShrinksWhileItIsOpenIsRefused) {
  const support::TemporaryDirectory folder;
  const std::filesystem::path path = folder / "acme.almanac";
  const File file = snapshot_of_frames();
  support::write_bytes(path, file);
  const Snapshot snapshot = Snapshot::open(path);
  const Namespace prod = snapshot.in("prod");
  std::filesystem::resize_file(path, support::first_frame_of(file));
  const std::uint64_t end = support::first_frame_of(file);
  EXPECT_EQ(prod.find("users")->uri(), "https://users.example");
  const Error error = error_from([&] { (void)snapshot.in("shared"); });
  EXPECT_EQ(error.code(), ErrorCode::kTruncated);
  EXPECT_GE(error.offset().value_or(0), end);
}

}  // namespace
}  // namespace almanac
