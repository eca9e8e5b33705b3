// The REST APIs of a front end that is built with AWS Amplify: a service's first http or https endpoint, and its region.
// https://docs.amplify.aws/javascript/build-a-backend/add-aws-services/rest-api/existing-resources/
#include "inspect/export/aws_region.h"
#include "inspect/export/claimed_names.h"
#include "inspect/export/formats.h"
#include "inspect/export/json_rows.h"
#include "inspect/export/left_out.h"
#include "inspect/export/server_address.h"
#include "inspect/json_text.h"

namespace almanac::inspect {
namespace {

std::optional<Endpoint> choose(const ListedService& service, Losses& losses) {
  std::optional<Endpoint> chosen;
  for (const Endpoint& endpoint : service.service.endpoints()) {
    const auto address = server_address_of(endpoint, Port::kNeeded);
    if (!address || address->http_scheme().empty()) {
      tell_of_endpoint(service, "without an http or https address", "left out", losses);
    } else if (endpoint.weight() == 0) {
      tell_of_endpoint(service, "of weight 0", "left out", losses);
    } else if (chosen) {
      tell_of_endpoint(service, "beside the first one", "left out", losses);
    } else {
      tell_unsaid_parts(service, endpoint, {}, losses);
      chosen = endpoint;
    }
  }
  return chosen;
}

}  // namespace

void write_amplify(const ExportInput& input, std::string& text, Losses& losses) {
  JsonText json(text);
  json.begin_object().key("API").begin_object().key("REST").begin_object();
  JsonRows rows(text);
  ClaimedNames names("amplify");
  for (const ListedService& service : input.listed.services) {
    if (service.service.endpoints().empty()) tell_no_endpoint(service, losses);
    const std::optional<Endpoint> endpoint = choose(service, losses);
    if (!endpoint) continue;
    tell_unsaid_fields(service, {}, losses);
    const std::string name = input.name_of(service);
    names.claim(name, service);
    rows.next();
    json.member(name).begin_object().key("endpoint").string(endpoint->uri());
    const std::string_view region = aws_region_of(service.service, *endpoint);
    if (!region.empty()) json.key("region").string(region);
    json.end_object();
  }
  rows.end();
  json.end_object().end_object().end_object().end_line();
}

}  // namespace almanac::inspect
