// The files of the AWS tools, ~/.aws/credentials and ~/.aws/config, and which profile of them is in use.
// https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "environment.h"

namespace almanac::internal {

// Settings by their name in lower case.
using Profile = std::map<std::string, std::string, std::less<>>;
// Profiles by the name of their section: "default", and in ~/.aws/config "profile dev".
using Profiles = std::map<std::string, Profile, std::less<>>;

// `name` is the file's, for messages. What a section says twice, its last line decides; lines that are indented below a
// setting belong to it and are passed over. Throws Error kInvalidArgument with the line.
[[nodiscard]] Profiles parse_profiles(std::string_view text, const std::string& name);

// None when there is no such file. Throws Error as parse_profiles(), and kPermissionDenied, kInputOutput, kLimitExceeded.
[[nodiscard]] Profiles read_profiles(const std::string& path);

// A small text file, whole. Throws Error, kNotFound among others.
[[nodiscard]] std::string read_small_file(const std::string& path);

// Where the files are; empty when the environment has no HOME either.
[[nodiscard]] std::string credentials_path(const Environment& environment);
[[nodiscard]] std::string config_path(const Environment& environment);

// The profile's section in ~/.aws/config.
[[nodiscard]] std::string config_section(std::string_view profile);

// $AWS_PROFILE, else "default".
[[nodiscard]] std::string_view profile_name(const Environment& environment) noexcept;

}  // namespace almanac::internal
