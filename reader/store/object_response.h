// What an HTTP response to GET says of an object, for every store that speaks HTTP. RFC 9110.
#pragma once

#include <almanac/store.h>

#include <optional>
#include <string>
#include <string_view>

#include "http.h"

namespace almanac::internal {

// `request` with what `options` ask of the object: its range, its conditions, its size and when its answer must begin.
[[nodiscard]] HttpRequest object_request(HttpRequest request, const GetOptions& options);

// The object in a response of status 200, 206, 304 (nothing) or 416 (no bytes; its size from Content-Range). Throws Error for
// one that does not give what `options` asked for. Of other statuses, see refusal().
[[nodiscard]] std::optional<Object> object_from(HttpResponse response, const std::string& object, const GetOptions& options);

// Whether object_from() knows what this status means.
[[nodiscard]] bool is_object_status(int status) noexcept;

// The Error that a status stands for; `detail` is what the server said about it, empty when nothing.
[[nodiscard]] Error refusal(int status, const std::string& object, std::string_view detail);

// The beginning of a body, printable and on one line, for messages.
[[nodiscard]] std::string excerpt(std::span<const std::byte> body);

}  // namespace almanac::internal
