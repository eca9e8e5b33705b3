// A flat JSON object: names, and uris or values. Of several endpoints it is an array.
#include <vector>

#include "inspect/export/claimed_names.h"
#include "inspect/export/flat_texts.h"
#include "inspect/export/formats.h"
#include "inspect/export/json_rows.h"
#include "inspect/json_text.h"

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
