// Which certificate authorities are trusted, found without parsing them all: that is most of a cold start, where a
// connection needs one.
//
// $AWS_CA_BUNDLE, else $SSL_CERT_FILE and $SSL_CERT_DIR, else what this machine has: a directory whose files are
// named by the hash of their subjects, or a bundle. Threads: configure() may run at once with itself and with transfers.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <string_view>

#include "environment.h"

namespace almanac::internal {

class CertificateBundle;

// Where roots are; empty: nowhere.
struct RootPlaces {
  std::string directory;  // or several with colons between them, as OpenSSL takes them
  std::string bundle;     // a file of certificates in PEM
  std::string variable;   // which named the bundle; empty: none

  // Throws Error kInvalidArgument for a directory in $SSL_CERT_DIR without certificates that OpenSSL would find.
  [[nodiscard]] static RootPlaces of(const Environment& environment);
};

class TlsRoots {
 public:
  // Throws Error kInvalidArgument for a bundle that cannot be read or holds no certificates.
  explicit TlsRoots(const RootPlaces& places);
  ~TlsRoots();
  TlsRoots(const TlsRoots&) = delete;
  TlsRoots& operator=(const TlsRoots&) = delete;

  // Makes the next transfer trust these roots alone. This object must outlive the handle's connections.
  void configure(CURL* easy) const;

 private:
  RootPlaces places_;
  std::unique_ptr<CertificateBundle> bundle_;  // null: libcurl reads places_.bundle itself
};

// What to do about a failed verification, by CURLINFO_SSL_VERIFYRESULT; empty when there is nothing to advise.
[[nodiscard]] std::string_view advice_on_verification(long result) noexcept;

}  // namespace almanac::internal
