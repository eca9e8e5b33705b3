// A flat JSON object: names, and uris or values. Of several endpoints it is an array.
#include <vector>

#include "export/claimed_names.h"
#include "export/flat_texts.h"
#include "export/formats.h"
#include "export/json_rows.h"
#include "json_text.h"

namespace almanac::inspect {

void write_json(const ExportInput& input, std::string& text, Losses& losses) {
  JsonText json(text);
  json.begin_object();
  JsonRows rows(text);
  ClaimedNames names("json");
  for (const ListedService& service : input.listed.services) {
    const std::vector<std::string_view> texts = flat_texts(service, losses);
    if (texts.empty()) continue;
    const std::string name = input.name_of(service);
    names.claim(name, service);
    rows.next();
    json.member(name);
    if (texts.size() > 1) json.begin_array();
    for (const std::string_view one : texts) json.string(one);
    if (texts.size() > 1) json.end_array();
  }
  rows.end();
  json.end_object().end_line();
}

}  // namespace almanac::inspect
