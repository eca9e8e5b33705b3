// The canonical JSON Lines record of a service: what `dump` and `get --json` print.
//
// Members in the order namespace, name, description, value, tags, attributes, endpoints, and in an
// endpoint uri, version, weight, zone, tags, attributes; a member that has its default (no text, an
// empty list, weight 1) is left out.
#pragma once

#include <string_view>

#include <almanac/service.h>

#include "json_text.h"

namespace almanac::inspect {

void append_record(JsonText& json, std::string_view namespace_name, const Service& service);

// The parts of it that other reports show too.
void append_endpoint(JsonText& json, const Endpoint& endpoint);
void append_tags(JsonText& json, const Tags& tags);  // nothing when there are none

}  // namespace almanac::inspect
