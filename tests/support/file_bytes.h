// Whole files, for tests that look at what was written, or damage it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace almanac::support {

// Both throw std::system_error.
[[nodiscard]] std::vector<std::byte> read_bytes(const std::filesystem::path& file);
void write_bytes(const std::filesystem::path& file, std::span<const std::byte> bytes);

// The names in a folder, hidden ones too, in byte order.
[[nodiscard]] std::vector<std::string> names_in(const std::filesystem::path& folder);

}  // namespace almanac::support
