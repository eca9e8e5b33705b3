#include "store/certificate_bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bytes.h"
#include "support/certificates.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/temporary_directory.h"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
// libcrypto is not instrumented: what orders the threads that first use a certificate in it is not seen.
extern "C" const char* __tsan_default_suppressions() { return "race:libcrypto.so"; }  // NOLINT(bugprone-reserved-identifier)
#endif
#endif

namespace almanac::internal {
namespace {

using support::Certificate;
using support::CertificateOptions;
using support::error_from;
using support::IsError;
using support::kNowhere;

struct Free {
  void operator()(X509_STORE* store) const noexcept { X509_STORE_free(store); }
  void operator()(X509_STORE_CTX* context) const noexcept { X509_STORE_CTX_free(context); }
};
using Store = std::unique_ptr<X509_STORE, Free>;

Store store_over(const CertificateBundle& bundle) {
  Store store(X509_STORE_new());
  EXPECT_TRUE(bundle.offer_to(store.get()));
  return store;
}

// X509_V_OK, or why not.
int verify(const Store& store, const Certificate& certificate, const Certificate* intermediate = nullptr) {
  const std::unique_ptr<X509_STORE_CTX, Free> context(X509_STORE_CTX_new());
  const std::unique_ptr<STACK_OF(X509), void (*)(STACK_OF(X509)*)> sent(sk_X509_new_null(),
                                                                        [](STACK_OF(X509) * all) { sk_X509_free(all); });
  if (intermediate != nullptr) sk_X509_push(sent.get(), intermediate->get());
  if (X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), sent.get()) != 1) return -1;
  (void)X509_verify_cert(context.get());
  return X509_STORE_CTX_get_error(context.get());
}

Certificate root(std::string name) { return Certificate({.subject = {std::move(name)}, .is_authority = true}); }

class CertificateBundleTest : public testing::Test {
 protected:
  [[nodiscard]] std::string path() const { return (folder_ / "bundle.pem").string(); }
  [[nodiscard]] std::string write(const std::string& text) const {
    support::write_bytes(folder_ / "bundle.pem", as_bytes(text));
    return path();
  }
  support::TemporaryDirectory folder_;
};

TEST_F(CertificateBundleTest, what_one_of_its_roots_vouches_for_is_trusted) {
  std::string text = "# Comments stand between them.\n";
  std::vector<Certificate> roots;
  for (int i = 0; i < 20; ++i) {
    roots.push_back(root("Root " + std::to_string(i)));
    text += "\nRoot " + std::to_string(i) + "\n=====\n" + roots.back().pem();
  }
  const CertificateBundle bundle(write(text), "");
  EXPECT_EQ(bundle.size(), 20U);
  for (const Certificate& each : roots) {
    const Certificate server({.subject = {"Server"}}, &each);
    EXPECT_EQ(verify(store_over(bundle), server), X509_V_OK);
  }
}

TEST_F(CertificateBundleTest, a_chain_may_have_more_links) {
  const Certificate top = root("Top");
  const Certificate middle({.subject = {"Middle"}, .is_authority = true}, &top);
  const Certificate server({.subject = {"Server"}}, &middle);
  const CertificateBundle bundle(write(top.pem()), "");
  EXPECT_EQ(verify(store_over(bundle), server, &middle), X509_V_OK);
  EXPECT_EQ(verify(store_over(bundle), server), X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
}

TEST_F(CertificateBundleTest, what_none_of_them_vouches_for_is_not) {
  const Certificate top = root("Top");
  const Certificate stranger = root("Stranger");
  const CertificateBundle bundle(write(top.pem()), "");
  EXPECT_EQ(verify(store_over(bundle), Certificate({.subject = {"Server"}}, &stranger)), X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
  EXPECT_EQ(verify(store_over(bundle), stranger), X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);
  // A name is easily taken; the key decides.
  const Certificate impostor = root("Top");
  EXPECT_NE(verify(store_over(bundle), Certificate({.subject = {"Server"}}, &impostor)), X509_V_OK);
}

TEST_F(CertificateBundleTest, a_certificate_that_vouches_for_itself_may_be_in_it) {
  const Certificate server({.subject = {"Server"}});
  EXPECT_EQ(verify(store_over(CertificateBundle(write(root("Top").pem() + server.pem()), "")), server), X509_V_OK);
}

// After a key was changed, both have the name.
TEST_F(CertificateBundleTest, roots_of_one_name_are_all_tried) {
  const Certificate old_root = root("Top");
  const Certificate new_root = root("Top");
  const CertificateBundle bundle(write(old_root.pem() + new_root.pem()), "");
  for (const Certificate* each : {&old_root, &new_root}) {
    EXPECT_EQ(verify(store_over(bundle), Certificate({.subject = {"Server"}}, each)), X509_V_OK);
  }
}

// RFC 5280, section 7.1: names are compared without regard to case, spaces and the kind of string.
TEST_F(CertificateBundleTest, a_name_may_be_written_in_another_way) {
  const Certificate top({.subject = {"The Top Root", V_ASN1_PRINTABLESTRING}, .is_authority = true});
  const CertificateBundle bundle(write(root("Other").pem() + top.pem()), "");
  const Certificate server({.subject = {"Server"}, .issuer = {{"the  TOP root ", V_ASN1_UTF8STRING}}}, &top);
  EXPECT_EQ(verify(store_over(bundle), server), X509_V_OK);
  const Certificate stranger({.subject = {"Server"}, .issuer = {{"the TOP roof", V_ASN1_UTF8STRING}}}, &top);
  EXPECT_EQ(verify(store_over(bundle), stranger), X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
}

TEST_F(CertificateBundleTest, an_expired_root_is_not_trusted) {
  const Certificate top({.subject = {"Top"}, .is_authority = true, .begins = std::chrono::hours(-2), .ends = std::chrono::hours(-1)});
  const CertificateBundle bundle(write(top.pem()), "");
  EXPECT_EQ(verify(store_over(bundle), Certificate({.subject = {"Server"}}, &top)), X509_V_ERR_CERT_HAS_EXPIRED);
}

TEST_F(CertificateBundleTest, serves_many_verifications_at_once) {
  const Certificate top({.subject = {"Top", V_ASN1_PRINTABLESTRING}, .is_authority = true});
  const Certificate server({.subject = {"Server"}, .issuer = {{"TOP"}}}, &top);
  const CertificateBundle bundle(write(root("Other").pem() + top.pem()), "");
  const Store shared = store_over(bundle);
  std::vector<int> results(8, -1);
  std::vector<std::thread> threads;
  for (int& result : results) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) result = i % 2 == 0 ? verify(shared, server) : verify(store_over(bundle), server);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(results, testing::Each(X509_V_OK));
}

TEST_F(CertificateBundleTest, leaves_no_errors_behind) {
  const Certificate top = root("Top");
  const Certificate server({.subject = {"Server"}, .issuer = {{"TOP"}}}, &top);
  ERR_clear_error();
  const CertificateBundle bundle(write(top.pem()), "");
  const Store store = store_over(bundle);
  EXPECT_EQ(verify(store, server), X509_V_OK);
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST_F(CertificateBundleTest, says_what_is_wrong_with_the_file) {
  const std::string named = "named by AWS_CA_BUNDLE, ";
  EXPECT_THAT(error_from([&] { const CertificateBundle bundle(path(), "AWS_CA_BUNDLE"); }),
              IsError(ErrorCode::kInvalidArgument, path(), kNowhere, named + "cannot be opened: No such file"));
  const std::string pem = root("Top").pem();
  std::string altered = pem;
  altered[pem.size() / 2] = '*';
  const std::pair<std::string, std::string> files[] = {
      {"", "holds no certificates"},
      {"certificates\n", "holds no certificates"},
      {Certificate({.subject = {"Top"}}).key_pem(), "holds no certificates"},
      {pem + altered, "is damaged after certificate 1"},
      {pem + pem.substr(0, pem.size() / 2), "is damaged after certificate 1"},
      {pem + "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n", "holds a damaged certificate, number 2"},
      {pem + "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "is damaged after certificate 1"}};
  for (const auto& [text, problem] : files) {
    (void)write(text);
    ERR_clear_error();
    EXPECT_THAT(error_from([&] { const CertificateBundle bundle(path(), "AWS_CA_BUNDLE"); }),
                IsError(ErrorCode::kInvalidArgument, path(), kNowhere, named + problem))
        << text;
    EXPECT_EQ(ERR_peek_error(), 0U);
  }
  EXPECT_THAT(error_from([&] { const CertificateBundle bundle(folder_.path().string(), ""); }),
              IsError(ErrorCode::kInvalidArgument, folder_.path().string(), kNowhere, ""));
}

// No prefix of a certificate, and none with a byte changed, is read beyond its end.
TEST_F(CertificateBundleTest, a_damaged_certificate_is_an_error_or_not_trusted) {
  const Certificate top = root("Top");
  const Certificate server({.subject = {"Server"}}, &top);
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(top.get(), &bytes);
  ASSERT_GT(size, 0);
  const std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  const auto pem_of = [](const std::string& text) {
    std::string base64(text.size() * 2 + 8, '\0');
    base64.resize(
        static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()),
                                                 reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()))));
    std::string pem = "-----BEGIN CERTIFICATE-----\n";
    for (std::size_t at = 0; at < base64.size(); at += 64) pem += base64.substr(at, 64) + "\n";
    return pem + "-----END CERTIFICATE-----\n";
  };
  ASSERT_EQ(verify(store_over(CertificateBundle(write(pem_of(der)), "")), server), X509_V_OK);
  int errors = 0;
  const auto is_trusted = [&](const std::string& text) {
    try {
      const CertificateBundle bundle(write(pem_of(text)), "");
      return verify(store_over(bundle), server) == X509_V_OK;
    } catch (const Error&) {
      ++errors;
      return false;
    }
  };
  for (std::size_t length = 0; length < der.size(); ++length) EXPECT_FALSE(is_trusted(der.substr(0, length))) << length;
  for (std::size_t at = 0; at < der.size(); ++at) {
    std::string altered = der;
    altered[at] = static_cast<char>(altered[at] ^ 0x80);
    (void)is_trusted(altered);
  }
  EXPECT_GT(errors, 0);
}

}  // namespace
}  // namespace almanac::internal
