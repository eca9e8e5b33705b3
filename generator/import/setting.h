// How a key and its value become a service: one rule for every format of keys and values.
//
// A text that is a uri, with "://" in it or "arn:" before it, is an endpoint; several with commas between are as many, in their
// order. Any other text is a value, as it is. A list whose items are all such uris is endpoints; any other list, and a mapping, is
// a value: its JSON, compact, numbers as they were written. With --values everything is a value.
#pragma once

#include <string_view>

#include "import/collector.h"
#include "import/record.h"

namespace almanac::importing {

// Whether the rule makes an endpoint of one text.
[[nodiscard]] bool is_endpoint(std::string_view text);

// Gives `record` the value or the endpoints that `value` says. Null is a problem.
void set_setting(Record& record, const Node& value, Collector& collector);

// A tree as compact JSON.
[[nodiscard]] std::string json_of(const Node& node);

}  // namespace almanac::importing
