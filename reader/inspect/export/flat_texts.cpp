#include "inspect/export/flat_texts.h"

#include "inspect/export/left_out.h"

namespace almanac::inspect {

std::vector<std::string_view> flat_texts(const ListedService& service, Losses& losses) {
  std::vector<std::string_view> texts;
  for (const Endpoint& endpoint : service.service.endpoints()) {
    if (endpoint.weight() == 0) {
      tell_of_endpoint(service, "of weight 0", "left out", losses);
    } else {
      tell_unsaid_parts(service, endpoint, {}, losses);
      texts.push_back(endpoint.uri());
    }
  }
  const bool says_value = texts.empty() && service.service.value();
  if (says_value) texts.push_back(*service.service.value());
  if (texts.empty()) {
    losses.add("service", "with neither a value nor an endpoint of a weight", "left out", full_name(service));
  } else {
    tell_unsaid_fields(service, {.value = says_value}, losses);
  }
  return texts;
}

std::string joined_texts(const ListedService& service, const std::vector<std::string_view>& texts, Losses& losses) {
  std::string joined;
  for (const std::string_view text : texts) {
    if (texts.size() > 1 && text.find(',') != std::string_view::npos) {
      tell_of_endpoint(service, "with a comma in its uri, beside others", "it looks like two", losses);
    }
    joined.append(joined.empty() ? "" : ",").append(text);
  }
  return joined;
}

}  // namespace almanac::inspect
