// bench-answer-simdjson: the lines are read by simdjson's On-Demand front end, as a stream of documents (its documentation's
// "iterate_many"), which skips the fields that nobody asks for.
#include <simdjson.h>

#include "json_answer.h"

namespace bench {

namespace {

// Larger than any service of the synthetic registry; simdjson takes its memory and its strides from it.
constexpr std::size_t kBatch = std::size_t{1} << 20U;

}  // namespace

const std::size_t kPadding = simdjson::SIMDJSON_PADDING;

Uris uris_of(const std::string& text, std::string_view namespace_name) {
  Uris uris;
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document_stream documents = parser.iterate_many(text.data(), text.size(), kBatch);
  for (auto document : documents) {
    std::string_view of;
    if (document["namespace"].get(of) != simdjson::SUCCESS || of != namespace_name) continue;  // the first line names the registry
    const std::string_view name = document["name"];
    std::string_view uri;
    simdjson::ondemand::array endpoints;
    if (document["endpoints"].get(endpoints) == simdjson::SUCCESS) uri = (*endpoints.begin())["uri"];
    uris.emplace(name, uri);
  }
  if (documents.truncated_bytes() != 0) throw std::runtime_error("the last line is not whole");
  return uris;
}

}  // namespace bench

int main(int argc, char** argv) { return bench::answer_from_json(argc, argv); }
