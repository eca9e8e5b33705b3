// Certificates made on the spot: an authority of one's own, and what it vouches for.
//
//   const Certificate root({.subject = "A Root", .is_authority = true});
//   const Certificate server({.subject = "A Server", .hosts = {"DNS:localhost"}}, &root);
#pragma once

#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace almanac::support {

// A common name, and the kind of ASN.1 string that it is written as.
struct DistinguishedName {
  std::string text;
  int string_type = V_ASN1_UTF8STRING;
};

struct CertificateOptions {
  DistinguishedName subject;
  bool is_authority = false;
  std::vector<std::string> hosts = {};                   // "DNS:localhost", "IP:127.0.0.1"
  std::chrono::seconds begins = std::chrono::hours(-1);  // from now
  std::chrono::seconds ends = std::chrono::hours(1);
  std::optional<DistinguishedName> issuer = std::nullopt;  // instead of the issuer's subject as it is written there
};

class Certificate {
 public:
  // Vouched for by `issuer`, or by itself. Throws std::runtime_error.
  explicit Certificate(const CertificateOptions& options, const Certificate* issuer = nullptr);

  [[nodiscard]] std::string pem() const;
  [[nodiscard]] std::string key_pem() const;
  [[nodiscard]] X509* get() const noexcept { return certificate_.get(); }

 private:
  struct Free {
    void operator()(X509* certificate) const noexcept { X509_free(certificate); }
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  };
  std::unique_ptr<X509, Free> certificate_;
  std::unique_ptr<EVP_PKEY, Free> key_;
};

}  // namespace almanac::support
