// The buckets of with_radosgw.py, for tests that it runs.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace almanac::support {

// The words of an environment variable that with_radosgw.py sets. Throws std::runtime_error where it did not.
[[nodiscard]] inline std::vector<std::string> words_of_variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) throw std::runtime_error(std::string(name) + " is not set: run this by tests/store/with_radosgw.py --session --");
  std::istringstream stream(value);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

[[nodiscard]] inline std::string plain_bucket() { return words_of_variable("ALMANAC_TEST_BUCKETS").at(0); }
[[nodiscard]] inline std::string dotted_bucket() { return words_of_variable("ALMANAC_TEST_BUCKETS").at(1); }

// A prefix that no other test has.
[[nodiscard]] inline std::string s3_address_of_this_test(const std::string& bucket = plain_bucket()) {
  const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
  return "s3://" + bucket + "/" + test.test_suite_name() + "/" + test.name();
}

}  // namespace almanac::support
