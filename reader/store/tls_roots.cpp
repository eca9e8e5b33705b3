#include "tls_roots.h"

#include <almanac/error.h>
#include <dirent.h>
#include <openssl/crypto.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "certificate_bundle.h"
#include "curl_option.h"

namespace almanac::internal {

namespace {

// Debian, Alpine and SUSE; Fedora.
constexpr std::array kDirectories = {"/etc/ssl/certs", "/etc/pki/ca-trust/extracted/pem/directory-hash"};
// Debian and Alpine; Amazon Linux and Fedora, before and now; SUSE; Alpine and the BSDs.
constexpr std::array kBundles = {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                                 "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};

// As `openssl rehash` names files: "5ed36f99.0".
bool is_hashed_name(std::string_view name) {
  constexpr std::size_t kDigits = 8;
  constexpr std::string_view kHexadecimal = "0123456789abcdef";
  return name.size() > kDigits + 1 && name[kDigits] == '.' && name.find_first_not_of(kHexadecimal) == kDigits &&
         name.find_first_not_of("0123456789", kDigits + 1) == std::string_view::npos;
}

bool has_hashed_names(const std::string& directory) {
  struct Close {
    void operator()(DIR* open) const noexcept { (void)::closedir(open); }
  };
  const std::unique_ptr<DIR, Close> open(::opendir(directory.c_str()));
  if (!open) return false;
  while (const dirent* entry = ::readdir(open.get())) {
    if (is_hashed_name(entry->d_name)) return true;
  }
  return false;
}

bool any_has_hashed_names(std::string_view directories) {
  while (!directories.empty()) {
    const std::size_t colon = std::min(directories.find(':'), directories.size());
    if (has_hashed_names(std::string(directories.substr(0, colon)))) return true;
    directories.remove_prefix(std::min(colon + 1, directories.size()));
  }
  return false;
}

RootPlaces places_of_machine() {
  const auto directory = std::ranges::find_if(kDirectories, has_hashed_names);
  if (directory != kDirectories.end()) return {.directory = *directory, .bundle = {}, .variable = {}};
  const auto is_readable = [](const char* path) { return ::access(path, R_OK) == 0; };
  const auto bundle = std::ranges::find_if(kBundles, is_readable);
  if (bundle != kBundles.end()) return {.directory = {}, .bundle = *bundle, .variable = {}};
  return {};
}

// Whether libcurl hands out objects of the very OpenSSL that this library calls.
bool curl_shares_openssl() {
  const char* backend = curl_version_info(CURLVERSION_NOW)->ssl_version;
  return backend != nullptr && backend == std::string("OpenSSL/") + OpenSSL_version(OPENSSL_VERSION_STRING);
}

CURLcode offer_bundle(CURL* /*easy*/, void* context, void* bundle) noexcept {
  X509_STORE* store = SSL_CTX_get_cert_store(static_cast<SSL_CTX*>(context));
  return static_cast<const CertificateBundle*>(bundle)->offer_to(store) ? CURLE_OK : CURLE_OUT_OF_MEMORY;
}

}  // namespace

RootPlaces RootPlaces::of(const Environment& environment) {
  if (const std::string_view bundle = environment.get("AWS_CA_BUNDLE"); !bundle.empty()) {
    return {.directory = {}, .bundle = std::string(bundle), .variable = "AWS_CA_BUNDLE"};
  }
  RootPlaces places{
      .directory = std::string(environment.get("SSL_CERT_DIR")), .bundle = std::string(environment.get("SSL_CERT_FILE")), .variable = {}};
  if (places.directory.empty() && places.bundle.empty()) return places_of_machine();
  if (!places.bundle.empty()) places.variable = "SSL_CERT_FILE";
  if (!places.directory.empty() && !any_has_hashed_names(places.directory)) {
    throw Error(ErrorCode::kInvalidArgument, places.directory,
                "named by SSL_CERT_DIR, cannot be read or has no certificates under hashed names; \"openssl rehash\" makes them");
  }
  return places;
}

TlsRoots::TlsRoots(const RootPlaces& places) : places_(places) {
  if (places_.bundle.empty()) return;
  bundle_ = std::make_unique<CertificateBundle>(places_.bundle, places_.variable);
  if (!curl_shares_openssl()) bundle_.reset();
}

TlsRoots::~TlsRoots() = default;

void TlsRoots::configure(CURL* easy) const {
  const auto path = [](const std::string& text, bool is_used) { return is_used && !text.empty() ? text.c_str() : nullptr; };
  set_option(easy, CURLOPT_CAPATH, path(places_.directory, true));
  set_option(easy, CURLOPT_CAINFO, path(places_.bundle, !bundle_));
  if (!bundle_) return;
  set_option(easy, CURLOPT_SSL_CTX_FUNCTION, &offer_bundle);
  set_option(easy, CURLOPT_SSL_CTX_DATA, bundle_.get());
}

std::string_view advice_on_verification(long result) noexcept {
  switch (result) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: return "; AWS_CA_BUNDLE names a file of the roots to trust";
    default: return {};
  }
}

}  // namespace almanac::internal
