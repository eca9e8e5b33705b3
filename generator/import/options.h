// What the command line asks of an import.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace almanac::importing {

struct ImportOptions {
  std::string format;                         // empty: recognised
  std::optional<std::string> namespace_name;  // for all services
  std::string namespace_from;                 // "path:1", "tag:stage"; empty: the format's natural one
  std::string strip;                          // taken from the start of each name
  std::string scheme;                         // of addresses that say none; empty: tcp
  std::vector<std::string> ignored;           // paths of fields that may go without a word
  bool values = false;                        // no uri becomes an endpoint
  bool skip_secrets = false;
  bool strict = false;  // a dropped field is a problem
};

}  // namespace almanac::importing
