// The statuses of HTTP that stores tell apart. RFC 9110, section 15; RFC 6585, section 4.
#pragma once

namespace almanac::internal {

namespace http_status {
inline constexpr int kOk = 200;
inline constexpr int kPartialContent = 206;
inline constexpr int kMovedPermanently = 301;
inline constexpr int kNotModified = 304;
inline constexpr int kTemporaryRedirect = 307;
inline constexpr int kBadRequest = 400;
inline constexpr int kUnauthorized = 401;
inline constexpr int kForbidden = 403;
inline constexpr int kNotFound = 404;
inline constexpr int kRequestTimeout = 408;
inline constexpr int kConflict = 409;
inline constexpr int kGone = 410;
inline constexpr int kPreconditionFailed = 412;
inline constexpr int kRangeNotSatisfiable = 416;
inline constexpr int kTooManyRequests = 429;
inline constexpr int kInternalServerError = 500;
inline constexpr int kNotImplemented = 501;
inline constexpr int kBadGateway = 502;
inline constexpr int kServiceUnavailable = 503;
inline constexpr int kGatewayTimeout = 504;
}  // namespace http_status

[[nodiscard]] constexpr bool is_success(int status) noexcept { return status >= 200 && status < 300; }
[[nodiscard]] constexpr bool is_redirect(int status) noexcept {
  return status >= 300 && status < 400 && status != http_status::kNotModified;
}
[[nodiscard]] constexpr bool is_client_error(int status) noexcept { return status >= 400 && status < 500; }
[[nodiscard]] constexpr bool is_server_error(int status) noexcept { return status >= 500; }

}  // namespace almanac::internal
