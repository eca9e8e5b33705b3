// bench-answer-nlohmann: each line is parsed into a nlohmann::json, and its name and uri are taken from that.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "json_answer.h"

namespace bench {

const std::size_t kPadding = 0;

Uris uris_of(const std::string& text, std::string_view namespace_name) {
  Uris uris;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const nlohmann::json service = nlohmann::json::parse(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto of = service.find("namespace");
    if (of == service.end() || *of != namespace_name) continue;  // the first line names the registry
    const auto endpoints = service.find("endpoints");
    uris.emplace(service.at("name"), endpoints == service.end() ? std::string() : endpoints->at(0).at("uri").get<std::string>());
  }
  return uris;
}

}  // namespace bench

int main(int argc, char** argv) { return bench::answer_from_json(argc, argv); }
