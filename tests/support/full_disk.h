// A disk without space, as a process sees it that goes on writing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

namespace almanac::support {

// The exit status of a child process that runs `action` while `folder` is a disk of `bytes`, a whole number
// of pages, or -1 when it did not come to its end. Who may not mount one gets a child that may write no file
// beyond so many bytes instead; stdout says which it was. What is written to the disk is gone with the child. The disk keeps no
// access times of its own accord.
[[nodiscard]] int on_small_disk(const std::filesystem::path& folder, std::uint64_t bytes, const std::function<int()>& action);

}  // namespace almanac::support
