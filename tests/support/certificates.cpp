#include "support/certificates.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <stdexcept>

namespace almanac::support {

namespace {

constexpr long kVersion3 = 2;  // as it is encoded

void require(bool holds) {
  if (!holds) throw std::runtime_error("OpenSSL cannot make a certificate");
}

struct FreeName {
  void operator()(X509_NAME* name) const noexcept { X509_NAME_free(name); }
};
using Name = std::unique_ptr<X509_NAME, FreeName>;

Name name_of(const DistinguishedName& name) {
  Name result(X509_NAME_new());
  const auto* text = reinterpret_cast<const unsigned char*>(name.text.data());
  require(X509_NAME_add_entry_by_NID(result.get(), NID_commonName, name.string_type, text, static_cast<int>(name.text.size()), -1, 0) == 1);
  return result;
}

void add_extension(X509* certificate, X509* issuer, int kind, const char* value) {
  struct Free {
    void operator()(X509_EXTENSION* extension) const noexcept { X509_EXTENSION_free(extension); }
  };
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Free> extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

template <class Write>
std::string written(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> memory(BIO_new(BIO_s_mem()), &BIO_free_all);
  require(memory && write(memory.get()) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

Certificate::Certificate(const CertificateOptions& options, const Certificate* issuer)
    : certificate_(X509_new()), key_(EVP_EC_gen("P-256")) {
  static std::atomic<long> serial = 0;
  X509* certificate = certificate_.get();
  X509* voucher = issuer != nullptr ? issuer->get() : certificate;
  require(certificate != nullptr && key_ != nullptr && X509_set_version(certificate, kVersion3) == 1);
  require(ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial) == 1);
  require(X509_gmtime_adj(X509_getm_notBefore(certificate), options.begins.count()) != nullptr);
  require(X509_gmtime_adj(X509_getm_notAfter(certificate), options.ends.count()) != nullptr);
  require(X509_set_subject_name(certificate, name_of(options.subject).get()) == 1);
  const Name other_issuer = options.issuer ? name_of(*options.issuer) : nullptr;
  const X509_NAME* issuer_name = other_issuer ? other_issuer.get() : X509_get_subject_name(voucher);
  require(X509_set_issuer_name(certificate, issuer_name) == 1);
  require(X509_set_pubkey(certificate, key_.get()) == 1);
  add_extension(certificate, voucher, NID_basic_constraints, options.is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  add_extension(certificate, voucher, NID_subject_key_identifier, "hash");
  add_extension(certificate, voucher, NID_authority_key_identifier, "keyid");
  std::string hosts;
  for (const std::string& host : options.hosts) hosts += (hosts.empty() ? "" : ",") + host;
  if (!hosts.empty()) add_extension(certificate, voucher, NID_subject_alt_name, hosts.c_str());
  require(X509_sign(certificate, issuer != nullptr ? issuer->key_.get() : key_.get(), EVP_sha256()) > 0);
}

std::string Certificate::pem() const {
  return written([&](BIO* memory) { return PEM_write_bio_X509(memory, certificate_.get()); });
}

std::string Certificate::key_pem() const {
  return written([&](BIO* memory) { return PEM_write_bio_PrivateKey(memory, key_.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

}  // namespace almanac::support
