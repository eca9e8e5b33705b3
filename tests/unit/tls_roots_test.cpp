#include "store/tls_roots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/x509_vfy.h>

#include <filesystem>
#include <string>

#include "bytes.h"
#include "support/certificates.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/temporary_directory.h"

namespace almanac::internal {
namespace {

using support::error_from;
using support::IsError;
using support::kNowhere;

RootPlaces places(Environment::Variables variables) { return RootPlaces::of(Environment(std::move(variables))); }

class RootPlacesTest : public testing::Test {
 protected:
  RootPlacesTest() {
    std::filesystem::create_directory(hashed());
    support::write_bytes(hashed() / "5ed36f99.0", as_bytes("x"));
  }
  [[nodiscard]] std::filesystem::path hashed() const { return folder_ / "hashed"; }
  support::TemporaryDirectory folder_;
};

TEST_F(RootPlacesTest, the_environment_decides) {
  const std::string directory = hashed().string();
  const RootPlaces aws = places({{"AWS_CA_BUNDLE", "/a.pem"}, {"SSL_CERT_FILE", "/b.pem"}, {"SSL_CERT_DIR", "/no such"}});
  EXPECT_EQ(aws.bundle, "/a.pem");
  EXPECT_EQ(aws.variable, "AWS_CA_BUNDLE");
  EXPECT_EQ(aws.directory, "");
  const RootPlaces both = places({{"AWS_CA_BUNDLE", ""}, {"SSL_CERT_FILE", "/b.pem"}, {"SSL_CERT_DIR", directory}});
  EXPECT_EQ(both.bundle, "/b.pem");
  EXPECT_EQ(both.variable, "SSL_CERT_FILE");
  EXPECT_EQ(both.directory, directory);
  EXPECT_EQ(places({{"SSL_CERT_FILE", "/b.pem"}}).directory, "");
  const RootPlaces alone = places({{"SSL_CERT_DIR", directory}});
  EXPECT_EQ(alone.directory, directory);
  EXPECT_EQ(alone.bundle, "");
}

TEST_F(RootPlacesTest, one_of_several_directories_is_enough) {
  const std::string several = "/no such:" + hashed().string() + ":";
  EXPECT_EQ(places({{"SSL_CERT_DIR", several}}).directory, several);
}

TEST_F(RootPlacesTest, a_directory_without_hashed_names_is_a_mistake) {
  const std::filesystem::path plain = folder_ / "plain";
  std::filesystem::create_directory(plain);
  for (const char* name : {"root.pem", "5ed36f99", "5ed36f99.", "5ed36f99.x", "5ed36f9.0", "5ED36F99.0", "5ed36f990.0", "5ed36f99.r0"}) {
    support::write_bytes(plain / name, as_bytes("x"));
  }
  support::write_bytes(folder_ / "file", as_bytes("x"));
  for (const std::string& directory : {plain.string(), (folder_ / "none").string(), (folder_ / "file").string(), std::string(":")}) {
    EXPECT_THAT(error_from([&] {
                  (void)places({{"SSL_CERT_DIR", directory}});
                }),
                IsError(ErrorCode::kInvalidArgument, directory, kNowhere, "named by SSL_CERT_DIR"));
  }
}

TEST_F(RootPlacesTest, the_machine_has_one_of_them) {
  const RootPlaces machine = places({});
  EXPECT_TRUE(machine.directory.empty() || machine.bundle.empty());
  EXPECT_EQ(machine.variable, "");
  EXPECT_TRUE(machine.directory.empty() || std::filesystem::is_directory(machine.directory));
  EXPECT_TRUE(machine.bundle.empty() || std::filesystem::is_regular_file(machine.bundle));
  EXPECT_NO_THROW(const TlsRoots roots(machine));
}

TEST_F(RootPlacesTest, a_bundle_is_read_when_it_is_needed) {
  const std::string path = (folder_ / "bundle.pem").string();
  const RootPlaces named = places({{"SSL_CERT_FILE", path}});
  EXPECT_THAT(error_from([&] { const TlsRoots roots(named); }),
              IsError(ErrorCode::kInvalidArgument, path, kNowhere, "named by SSL_CERT_FILE, cannot be opened"));
  support::write_bytes(path, as_bytes(support::Certificate({.subject = {"Top"}, .is_authority = true}).pem()));
  EXPECT_NO_THROW(const TlsRoots roots(named));
}

TEST(Advice, is_given_where_a_root_is_missing) {
  EXPECT_THAT(advice_on_verification(X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN), testing::HasSubstr("AWS_CA_BUNDLE"));
  EXPECT_THAT(advice_on_verification(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY), testing::HasSubstr("AWS_CA_BUNDLE"));
  EXPECT_EQ(advice_on_verification(X509_V_ERR_CERT_HAS_EXPIRED), "");
  EXPECT_EQ(advice_on_verification(X509_V_OK), "");
}

}  // namespace
}  // namespace almanac::internal
