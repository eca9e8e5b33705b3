#include "sigv4.h"

#include <almanac/error.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "ascii.h"
#include "percent_encoding.h"

namespace almanac::internal {

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kBlanks = " \t";

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

const unsigned char* as_unsigned(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
std::string_view as_view(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

std::string hexadecimal(const Digest& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned byte : digest) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0xFU];
  }
  return text;
}

// A configuration of OpenSSL may have no SHA-256 (openssl.cnf).
[[noreturn]] void fail() {
  const char* reason = ::ERR_reason_error_string(::ERR_get_error());
  throw Error(ErrorCode::kInputOutput, "OpenSSL", std::string("cannot sign: ") + (reason != nullptr ? reason : "it says not why"));
}

Digest sha256(const unsigned char* data, std::size_t size) {
  Digest digest;
  if (::EVP_Digest(data, size, digest.data(), nullptr, ::EVP_sha256(), nullptr) != 1) fail();
  return digest;
}

Digest hmac(std::string_view key, std::string_view message) {
  Digest digest;
  const auto key_size = static_cast<int>(key.size());
  if (::HMAC(::EVP_sha256(), key.data(), key_size, as_unsigned(message), message.size(), digest.data(), nullptr) == nullptr) fail();
  return digest;
}

// ISO 8601's basic format: 20130524T000000Z.
std::string basic_time(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts)};
}

// Without spaces around it, and with one where there were several.
std::string squeezed(std::string_view value) {
  std::string result;
  while (true) {
    value.remove_prefix(std::min(value.find_first_not_of(kBlanks), value.size()));
    if (value.empty()) return result;
    const std::size_t end = std::min(value.find_first_of(kBlanks), value.size());
    if (!result.empty()) result += ' ';
    result += value.substr(0, end);
    value.remove_prefix(end);
  }
}

struct CanonicalHeaders {
  std::string lines;  // "host:example.com\n…"
  std::string names;  // "host;…"
};

CanonicalHeaders canonical(const HttpHeaders& headers) {
  HttpHeaders sorted;
  sorted.reserve(headers.size());
  for (const auto& [name, value] : headers) sorted.emplace_back(lower_case(name), squeezed(value));
  std::ranges::sort(sorted);
  CanonicalHeaders result;
  for (const auto& [name, value] : sorted) {
    result.lines += name + ':' + value + '\n';
    if (!result.names.empty()) result.names += ';';
    result.names += name;
  }
  return result;
}

}  // namespace

std::string canonical_query(const std::vector<std::pair<std::string, std::string>>& parameters) {
  std::vector<std::pair<std::string, std::string>> sorted;
  sorted.reserve(parameters.size());
  for (const auto& [name, value] : parameters) sorted.emplace_back(percent_encode(name), percent_encode(value));
  std::ranges::sort(sorted);
  std::string query;
  for (const auto& [name, value] : sorted) {
    if (!query.empty()) query += '&';
    query += name + '=' + value;
  }
  return query;
}

std::string payload_hash(std::span<const std::byte> payload) {
  return hexadecimal(sha256(reinterpret_cast<const unsigned char*>(payload.data()), payload.size()));
}

std::string authorization(const UnsignedRequest& request, const SigningScope& scope, const AccessKey& key) {
  const CanonicalHeaders headers = canonical(request.headers);
  const std::string canonical_request = request.method + '\n' + request.path + '\n' + request.query + '\n' + headers.lines + '\n' +
                                        headers.names + '\n' + request.payload_hash;
  const std::string time = basic_time(scope.time);
  const std::string date = time.substr(0, time.find('T'));
  const std::string credential_scope = date + '/' + scope.region + '/' + scope.service + "/aws4_request";
  const std::string to_sign = std::string(kAlgorithm) + '\n' + time + '\n' + credential_scope + '\n' +
                              hexadecimal(sha256(as_unsigned(canonical_request), canonical_request.size()));

  Digest signing_key = hmac("AWS4" + key.secret, date);
  for (const std::string_view part : {std::string_view(scope.region), std::string_view(scope.service), std::string_view("aws4_request")}) {
    signing_key = hmac(as_view(signing_key), part);
  }
  return std::string(kAlgorithm) + " Credential=" + key.id + '/' + credential_scope + ", SignedHeaders=" + headers.names +
         ", Signature=" + hexadecimal(hmac(as_view(signing_key), to_sign));
}

void sign(UnsignedRequest& request, const SigningScope& scope, const AccessKey& key) {
  request.headers.emplace_back("x-amz-date", basic_time(scope.time));
  request.headers.emplace_back("x-amz-content-sha256", request.payload_hash);
  if (!key.session_token.empty()) request.headers.emplace_back("x-amz-security-token", key.session_token);
  request.headers.emplace_back("authorization", authorization(request, scope, key));
}

}  // namespace almanac::internal
