// What the JSON peers share: the registry's sorted JSON Lines are fetched whole, and kept of each service of the wanted namespace
// are its name and its first uri, in a std::unordered_map. That is less than the reader has in the end (versions, weights, zones,
// tags, attributes, descriptions, values), and in the peers' favour.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

namespace bench {

using Uris = std::unordered_map<std::string, std::string>;

// Each peer has its own. `text` has kPadding unused bytes behind it. Throws std::runtime_error or what its library throws.
[[nodiscard]] Uris uris_of(const std::string& text, std::string_view namespace_name);
extern const std::size_t kPadding;

// main() of a peer: URL NAMESPACE NAME. What a URL that ends in ".zst" names is inflated first.
[[nodiscard]] int answer_from_json(int argc, char** argv);

}  // namespace bench
