// A file of many certificates from which OpenSSL is given those that it asks for by name: to parse them all takes it
// 0.1 ms each, on a cold start of a few milliseconds.
//
// Used by any number of verifications at once. Must outlive the stores that refer to it.
#pragma once

#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace almanac::internal {

class CertificateBundle {
 public:
  // Reads `path`, PEM as RFC 7468 has it. Throws Error, which names `path`, and `variable` unless that is empty.
  CertificateBundle(const std::string& path, std::string_view variable);
  ~CertificateBundle();
  CertificateBundle(const CertificateBundle&) = delete;
  CertificateBundle& operator=(const CertificateBundle&) = delete;

  [[nodiscard]] std::size_t size() const noexcept { return certificates_.size(); }
  // Has `store` look here for the certificates that it does not hold. False: out of memory.
  [[nodiscard]] bool offer_to(X509_STORE* store) const noexcept;

 private:
  struct Free {
    void operator()(X509* certificate) const noexcept { X509_free(certificate); }
    void operator()(X509_NAME* name) const noexcept { X509_NAME_free(name); }
    void operator()(X509_LOOKUP_METHOD* method) const noexcept { X509_LOOKUP_meth_free(method); }
  };
  struct Certificate {
    std::string der;
    std::size_t subject = 0;  // where it stands in der
    std::size_t subject_size = 0;
    mutable std::once_flag once;
    mutable std::unique_ptr<X509, Free> parsed;  // null before it is asked for, and for one that OpenSSL cannot read
    [[nodiscard]] std::string_view subject_der() const noexcept { return std::string_view(der).substr(subject, subject_size); }
  };

  static int find_by_subject(X509_LOOKUP* lookup, X509_LOOKUP_TYPE type, const X509_NAME* name, X509_OBJECT* found) noexcept;
  [[nodiscard]] std::vector<X509*> with_subject(const X509_NAME* name) const;
  [[nodiscard]] static X509* parse(const Certificate& certificate);
  void parse_names() const;

  std::deque<Certificate> certificates_;
  std::unique_ptr<X509_LOOKUP_METHOD, Free> method_;
  mutable std::once_flag names_parsed_;
  mutable std::vector<std::unique_ptr<X509_NAME, Free>> names_;  // of certificates_; null for one that is none
};

}  // namespace almanac::internal
