#include "certificate_bundle.h"

#include <almanac/error.h>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <cerrno>
#include <climits>
#include <new>
#include <optional>
#include <system_error>
#include <utility>

namespace almanac::internal {

namespace {

struct FreeBio {
  void operator()(BIO* bio) const noexcept { (void)BIO_free(bio); }
};

// What OpenSSL allocates in PEM_read_bio().
class OwnedBytes {
 public:
  OwnedBytes() = default;
  OwnedBytes(const OwnedBytes&) = delete;
  OwnedBytes& operator=(const OwnedBytes&) = delete;
  ~OwnedBytes() { OPENSSL_free(bytes_); }
  template <class Byte>
  [[nodiscard]] Byte** out() noexcept {
    return reinterpret_cast<Byte**>(&bytes_);
  }
  [[nodiscard]] const char* text() const noexcept { return static_cast<const char*>(bytes_); }

 private:
  void* bytes_ = nullptr;
};

// Takes back the errors that stand in OpenSSL's queue of this thread since it was made: whoever called us reads that queue.
class QuietErrors {
 public:
  QuietErrors() noexcept { (void)ERR_set_mark(); }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
  ~QuietErrors() { (void)ERR_pop_to_mark(); }
};

// A cursor over DER: one value after the other, and into them.
class DerReader {
 public:
  explicit DerReader(std::string_view der) noexcept : at_(as_unsigned(der)), end_(at_ + der.size()) {}

  struct Value {
    std::string_view whole;
    std::string_view content;
    int tag = 0;
    int tag_class = 0;
  };
  // Nothing where no whole value stands.
  std::optional<Value> next() noexcept {
    constexpr int kFailed = 0x80;
    constexpr int kIndefiniteLength = 0x01;
    Value value;
    const unsigned char* content = at_;
    long size = 0;
    const int flags = ASN1_get_object(&content, &size, &value.tag, &value.tag_class, static_cast<long>(end_ - at_));
    if ((flags & (kFailed | kIndefiniteLength)) != 0 || size > end_ - content) return std::nullopt;
    value.content = {reinterpret_cast<const char*>(content), static_cast<std::size_t>(size)};
    value.whole = {reinterpret_cast<const char*>(at_), static_cast<std::size_t>(content + size - at_)};
    at_ = content + size;
    return value;
  }

 private:
  static const unsigned char* as_unsigned(std::string_view der) noexcept { return reinterpret_cast<const unsigned char*>(der.data()); }
  const unsigned char* at_;
  const unsigned char* end_;
};

// RFC 5280, section 4.1: Certificate { tbsCertificate { [0] version, serial, algorithm, issuer, validity, subject, …
std::optional<std::string_view> subject_of(std::string_view der) noexcept {
  const auto certificate = DerReader(der).next();
  if (!certificate || certificate->tag != V_ASN1_SEQUENCE) return std::nullopt;
  const auto signed_part = DerReader(certificate->content).next();
  if (!signed_part || signed_part->tag != V_ASN1_SEQUENCE) return std::nullopt;
  DerReader fields(signed_part->content);
  auto field = fields.next();
  const bool has_version = field && field->tag_class == V_ASN1_CONTEXT_SPECIFIC;
  constexpr int kFieldsBetween = 4;
  for (int i = 0; i < kFieldsBetween + (has_version ? 1 : 0) && field; ++i) field = fields.next();
  if (!field || field->tag != V_ASN1_SEQUENCE) return std::nullopt;
  return field->whole;
}

std::unique_ptr<BIO, FreeBio> opened(const std::string& path, const std::string& named) {
  errno = 0;
  std::unique_ptr<BIO, FreeBio> file(BIO_new_file(path.c_str(), "rb"));
  if (file) return file;
  const int number = errno;
  throw Error(ErrorCode::kInvalidArgument, path, named + "cannot be opened: " + std::generic_category().message(number));
}

bool is_certificate(std::string_view label) {
  return label == PEM_STRING_X509 || label == PEM_STRING_X509_OLD || label == PEM_STRING_X509_TRUSTED;
}

}  // namespace

CertificateBundle::CertificateBundle(const std::string& path, std::string_view variable)
    : method_(X509_LOOKUP_meth_new("certificates by name")) {
  if (!method_ || X509_LOOKUP_meth_set_get_by_subject(method_.get(), &find_by_subject) != 1) throw std::bad_alloc();
  const QuietErrors quiet;
  const std::string named = variable.empty() ? std::string() : "named by " + std::string(variable) + ", ";
  const auto file = opened(path, named);
  for (;;) {
    OwnedBytes label;
    OwnedBytes header;
    OwnedBytes der;
    long size = 0;
    if (PEM_read_bio(file.get(), label.out<char>(), header.out<char>(), der.out<unsigned char>(), &size) != 1) break;
    if (!is_certificate(label.text())) continue;
    Certificate& certificate = certificates_.emplace_back();
    certificate.der.assign(der.text(), static_cast<std::size_t>(size));
    const auto subject = subject_of(certificate.der);
    if (!subject) {
      throw Error(ErrorCode::kInvalidArgument, path, named + "holds a damaged certificate, number " + std::to_string(this->size()));
    }
    certificate.subject = static_cast<std::size_t>(subject->data() - certificate.der.data());
    certificate.subject_size = subject->size();
  }
  // The end of the file reads as a missing first line.
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
    throw Error(ErrorCode::kInvalidArgument, path, named + "is damaged after certificate " + std::to_string(this->size()));
  }
  if (certificates_.empty()) throw Error(ErrorCode::kInvalidArgument, path, named + "holds no certificates in PEM");
}

CertificateBundle::~CertificateBundle() = default;

bool CertificateBundle::offer_to(X509_STORE* store) const noexcept {
  // The same store may come by more than once; it then has this method, and gives back what it has.
  X509_LOOKUP* lookup = X509_STORE_add_lookup(store, method_.get());
  return lookup != nullptr && X509_LOOKUP_set_method_data(lookup, const_cast<CertificateBundle*>(this)) == 1;
}

int CertificateBundle::find_by_subject(X509_LOOKUP* lookup, X509_LOOKUP_TYPE type, const X509_NAME* name, X509_OBJECT* found) noexcept {
  if (type != X509_LU_X509) return 0;
  try {
    const QuietErrors quiet;
    const auto* bundle = static_cast<const CertificateBundle*>(X509_LOOKUP_get_method_data(lookup));
    bool is_found = false;
    for (X509* certificate : bundle->with_subject(name)) {
      if (X509_STORE_add_cert(X509_LOOKUP_get_store(lookup), certificate) != 1 || is_found) continue;
      if (X509_OBJECT_set1_X509(found, certificate) != 1) continue;
      // `found` borrows: OpenSSL takes a reference of its own and does not give back the one taken here. The bundle has
      // one for good; the store may have kept an equal certificate that another thread was quicker to add.
      X509_free(certificate);
      is_found = true;
    }
    return is_found ? 1 : 0;
  } catch (...) {
    return 0;  // no memory: not found, and so not trusted
  }
}

X509* CertificateBundle::parse(const Certificate& certificate) {
  std::call_once(certificate.once, [&] {
    const auto* der = reinterpret_cast<const unsigned char*>(certificate.der.data());
    // With the trust settings that stand behind a "TRUSTED CERTIFICATE".
    certificate.parsed.reset(d2i_X509_AUX(nullptr, &der, static_cast<long>(certificate.der.size())));
  });
  return certificate.parsed.get();
}

std::vector<X509*> CertificateBundle::with_subject(const X509_NAME* name) const {
  std::vector<X509*> found;
  const auto add = [&](const Certificate& certificate) {
    if (X509* parsed = parse(certificate); parsed != nullptr) found.push_back(parsed);
  };
  const unsigned char* der = nullptr;
  std::size_t size = 0;
  if (X509_NAME_get0_der(name, &der, &size) != 1) return found;
  const std::string_view wanted(reinterpret_cast<const char*>(der), size);
  for (const Certificate& certificate : certificates_) {
    if (certificate.subject_der() == wanted) add(certificate);
  }
  if (!found.empty()) return found;
  // Names that differ in case, spaces or the kind of string are the same (RFC 5280, section 7.1).
  std::call_once(names_parsed_, [this] { parse_names(); });
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (names_[i] && X509_NAME_cmp(names_[i].get(), name) == 0) add(certificates_[i]);
  }
  return found;
}

void CertificateBundle::parse_names() const {
  names_.reserve(certificates_.size());
  for (const Certificate& certificate : certificates_) {
    const auto* der = reinterpret_cast<const unsigned char*>(certificate.subject_der().data());
    names_.emplace_back(d2i_X509_NAME(nullptr, &der, static_cast<long>(certificate.subject_size)));
  }
}

}  // namespace almanac::internal
