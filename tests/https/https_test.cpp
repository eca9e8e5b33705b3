// The https store beside a real web server: conditions, ranges, and who is trusted.
#include "store/https.h"

#include <almanac/registry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bytes.h"
#include "support/certificates.h"
#include "support/environment_variable.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/nginx.h"
#include "support/published_store.h"
#include "support/temporary_directory.h"

namespace almanac {
namespace {

using internal::as_bytes;
using internal::as_text;
using support::Certificate;
using support::CertificateOptions;
using support::EnvironmentVariable;
using support::error_from;
using support::IsError;
using support::kNowhere;
using support::Nginx;
using testing::HasSubstr;
using testing::IsEmpty;

CertificateOptions for_localhost() { return {.subject = {"A Server"}, .hosts = {"DNS:localhost"}}; }

class Https : public testing::Test {
 protected:
  // With a store of its own: what the environment says is read when one is opened.
  [[nodiscard]] static Object get(const std::string& address, std::string_view key = "current") { return open_store(address)->get(key); }
  [[nodiscard]] static Error refusal(const std::string& address) {
    return error_from([&] { (void)get(address); });
  }
  [[nodiscard]] std::string file(const std::string& name, const std::string& text) const {
    support::write_bytes(folder_ / name, as_bytes(text));
    return (folder_ / name).string();
  }
  void put(const std::string& key, std::string_view text) const { support::write_bytes(root() / key, as_bytes(text)); }
  [[nodiscard]] std::filesystem::path root() const { return published_.root(); }
  [[nodiscard]] Nginx serve(const Certificate& certificate) const { return {root(), certificate.pem(), certificate.key_pem()}; }

  void SetUp() override {
    std::filesystem::create_directories(root());
    put("current", "0123456789");
    aws_ca_bundle_.set(file("root.pem", authority_.pem()));
  }

  support::TemporaryDirectory folder_;
  support::PublishedStore published_;
  Certificate authority_{{.subject = {"A Root"}, .is_authority = true}};
  Certificate certificate_{for_localhost(), &authority_};
  EnvironmentVariable aws_ca_bundle_{"AWS_CA_BUNDLE"};
  EnvironmentVariable ssl_cert_file_{"SSL_CERT_FILE"};
  EnvironmentVariable ssl_cert_dir_{"SSL_CERT_DIR"};
};

TEST_F(Https, reads_over_both) {
  const Nginx server = serve(certificate_);
  for (const std::string& address : {server.http(), server.https()}) {
    const auto store = open_store(address);
    const Object object = store->get("current");
    EXPECT_EQ(as_text(object.bytes), "0123456789");
    EXPECT_EQ(object.size, 10U);
    EXPECT_NE(object.etag, "");
    EXPECT_THAT(error_from([&] { (void)store->get("generations/7"); }),
                IsError(ErrorCode::kNotFound, address + "/generations/7", kNowhere, "no such object"));
    EXPECT_EQ(store->traffic().requests, 2U);
  }
}

TEST_F(Https, keys_reach_the_server_as_they_are) {
  const Nginx server = serve(certificate_);
  std::filesystem::create_directory(root() / "a folder");
  for (const std::string key : {"a folder/x", "50%25", "a+b", "ü", "q?a=b&c", "#1", "~'\"()*!$,;:@=[]\\^`{|}<>"}) {
    put(key, key);
    EXPECT_EQ(as_text(get(server.https(), key).bytes), key);
  }
  EXPECT_EQ(as_text(get(server.https() + "/a%20folder", "x").bytes), "a folder/x");
}

// A server that makes its ETag of the second and the size tells apart what is published within one second, and of one size.
TEST_F(Https, publications_one_upon_the_other_are_told_apart) {
  const Nginx server = serve(certificate_);
  const auto reader = open_store(server.http());
  std::string etag;
  for (const std::string_view text : {"first", "other", "third", "first"}) {
    ASSERT_TRUE(published_.store()->put("current", as_bytes(text), {}));
    GetOptions unless;
    unless.if_none_match = etag;
    const std::optional<Object> object = reader->get("current", unless);
    ASSERT_TRUE(object) << text;
    EXPECT_EQ(as_text(object->bytes), text);
    etag = object->etag;
  }
}

// A frame goes from the network into the memory that it is inflated from.
TEST_F(Https, bytes_go_where_they_are_wanted) {
  const Nginx server = serve(certificate_);
  std::string memory = "xxxx";
  GetOptions options;
  options.offset = 2;
  options.size = options.max_size = 4;
  options.into = std::as_writable_bytes(std::span(memory));
  const Object part = open_store(server.https())->get("current", options).value();
  EXPECT_EQ(part.bytes_put, 4U);
  EXPECT_THAT(part.bytes, IsEmpty());
  EXPECT_EQ(memory, "2345");
}

TEST_F(Https, conditions_hold_until_the_object_changes) {
  const Nginx server = serve(certificate_);
  const auto store = open_store(server.https());
  const std::string etag = store->get("current").etag;
  GetOptions unless;
  unless.if_none_match = etag;
  GetOptions only;
  only.if_match = etag;
  only.offset = 2;
  only.size = 3;
  EXPECT_FALSE(store->get("current", unless));
  EXPECT_EQ(as_text(store->get("current", only).value().bytes), "234");
  put("current", "changed, and longer");
  EXPECT_EQ(as_text(store->get("current", unless).value().bytes), "changed, and longer");
  EXPECT_THAT(error_from([&] { (void)store->get("current", only); }),
              IsError(ErrorCode::kConflict, server.https() + "/current", kNowhere, "has changed"));
}

TEST_F(Https, ranges) {
  const Nginx server = serve(certificate_);
  const auto store = open_store(server.https());
  put("empty", "");
  const auto part = [&](std::string_view key, std::uint64_t offset, std::optional<std::uint64_t> size) {
    GetOptions options;
    options.offset = offset;
    options.size = size;
    const Object object = store->get(key, options).value();
    EXPECT_EQ(object.size, key == "empty" ? 0U : 10U);
    return std::string(as_text(object.bytes));
  };
  EXPECT_EQ(part("current", 0, 4), "0123");
  EXPECT_EQ(part("current", 4, {}), "456789");
  EXPECT_EQ(part("current", 9, 100), "9");
  EXPECT_EQ(part("current", 9, UINT64_MAX), "9");
  EXPECT_EQ(part("current", 3, 0), "");
  EXPECT_EQ(part("current", 10, 1), "");
  EXPECT_EQ(part("current", 1'000'000'000'000, {}), "");
  EXPECT_EQ(part("empty", 0, 1), "");
}

TEST_F(Https, a_published_registry_is_served) {
  std::filesystem::remove(root() / "current");
  published_.publish({{"prod", {support::ServiceBuilder("users").uri("https://users.internal/")}}});
  Nginx server = serve(certificate_);
  RegistryOptions options;
  options.cache_directory = folder_ / "cache";
  Registry registry = Registry::open(server.https(), options);
  const View view = registry.view();
  EXPECT_EQ(view.find("users").value().uri(), "https://users.internal/");
  EXPECT_EQ(server.final_log(), "GET /current 200\n");
}

TEST_F(Https, one_connection_serves_many_requests) {
  const Nginx server = serve(certificate_);
  const auto store = open_store(server.https());
  for (int i = 0; i < 20; ++i) EXPECT_EQ(store->get("current").size, 10U);
  EXPECT_EQ(store->traffic().requests, 20U);
  EXPECT_EQ(store->traffic().bytes, 200U);
}

TEST_F(Https, a_stranger_is_not_trusted) {
  const Certificate stranger({.subject = {"Another Root"}, .is_authority = true});
  Nginx server = serve(Certificate(for_localhost(), &stranger));
  const auto is_refused = [&] {
    return IsError(ErrorCode::kInputOutput, server.https() + "/current", kNowhere,
                   "unable to get local issuer certificate; AWS_CA_BUNDLE names");
  };
  EXPECT_THAT(refusal(server.https()), is_refused());
  aws_ca_bundle_.set(std::nullopt);
  ssl_cert_file_.set(file("root.pem", authority_.pem()));
  EXPECT_THAT(refusal(server.https()), is_refused());
  // What the machine trusts, wherever that is.
  ssl_cert_file_.set(std::nullopt);
  EXPECT_THAT(refusal(server.https()), is_refused());
  EXPECT_THAT(server.final_log(), IsEmpty());
}

TEST_F(Https, who_vouches_for_himself_is_not_trusted) {
  const Certificate alone(for_localhost());
  const Nginx server = serve(alone);
  EXPECT_THAT(refusal(server.https()).what(), HasSubstr("self-signed certificate; AWS_CA_BUNDLE names"));
  aws_ca_bundle_.set(file("alone.pem", alone.pem()));
  EXPECT_EQ(get(server.https()).size, 10U);
}

TEST_F(Https, a_root_of_the_same_name_is_not_enough) {
  const Certificate impostor({.subject = {"A Root"}, .is_authority = true});
  Nginx server = serve(Certificate(for_localhost(), &impostor));
  EXPECT_EQ(refusal(server.https()).code(), ErrorCode::kInputOutput);
  EXPECT_THAT(server.final_log(), IsEmpty());
}

TEST_F(Https, the_name_must_be_the_one_that_was_asked_for) {
  Nginx server = serve(certificate_);
  EXPECT_THAT(refusal("https://127.0.0.1:" + std::to_string(server.https_port())).what(),
              HasSubstr("no alternative certificate subject name matches target host name '127.0.0.1'"));
  EXPECT_THAT(server.final_log(), IsEmpty());
}

TEST_F(Https, a_certificate_has_its_time) {
  CertificateOptions options = for_localhost();
  options.begins = std::chrono::hours(-2);
  options.ends = std::chrono::hours(-1);
  const Nginx expired = serve(Certificate(options, &authority_));
  EXPECT_THAT(refusal(expired.https()).what(), HasSubstr("certificate has expired"));
  options.begins = std::chrono::hours(1);
  options.ends = std::chrono::hours(2);
  const Nginx early = serve(Certificate(options, &authority_));
  EXPECT_THAT(refusal(early.https()).what(), HasSubstr("certificate is not yet valid"));
}

TEST_F(Https, a_refusal_is_not_repeated) {
  const Certificate stranger({.subject = {"Another Root"}, .is_authority = true});
  const Nginx server = serve(Certificate(for_localhost(), &stranger));
  const auto store = open_store(server.https());
  EXPECT_THROW((void)store->get("current"), Error);
  EXPECT_EQ(store->traffic().requests, 1U);
}

TEST_F(Https, the_environment_names_a_file) {
  const Certificate other({.subject = {"Another Root"}, .is_authority = true});
  const Nginx server = serve(certificate_);
  const std::string both = file("both.pem", other.pem() + authority_.pem());
  aws_ca_bundle_.set(both);
  EXPECT_EQ(get(server.https()).size, 10U);
  aws_ca_bundle_.set(std::nullopt);
  ssl_cert_file_.set(both);
  EXPECT_EQ(get(server.https()).size, 10U);
  // AWS_CA_BUNDLE goes first.
  aws_ca_bundle_.set(file("other.pem", other.pem()));
  EXPECT_EQ(refusal(server.https()).code(), ErrorCode::kInputOutput);
}

// Certificate { tbsCertificate { serial, four empty sequences } }: OpenSSL refuses a file that holds this one.
TEST_F(Https, only_the_root_that_is_needed_is_parsed) {
  const std::string unfinished = "-----BEGIN CERTIFICATE-----\nMA0wCwIBATAAMAAwADAA\n-----END CERTIFICATE-----\n";
  const Nginx server = serve(certificate_);
  aws_ca_bundle_.set(file("both.pem", unfinished + authority_.pem()));
  EXPECT_EQ(get(server.https()).size, 10U);
}

TEST_F(Https, the_environment_names_a_directory) {
  const std::filesystem::path roots = folder_ / "roots";
  std::filesystem::create_directory(roots);
  support::write_bytes(roots / "root.pem", as_bytes(authority_.pem()));
  ASSERT_EQ(std::system(("openssl rehash " + roots.string()).c_str()), 0) << "apt-get install -y openssl";
  const Nginx server = serve(certificate_);
  aws_ca_bundle_.set(std::nullopt);
  ssl_cert_dir_.set(roots.string());
  EXPECT_EQ(get(server.https()).size, 10U);
  ssl_cert_dir_.set("/no such:" + roots.string());
  EXPECT_EQ(get(server.https()).size, 10U);
  // With a file beside it, either may vouch.
  const Certificate other({.subject = {"Another Root"}, .is_authority = true});
  ssl_cert_file_.set(file("other.pem", other.pem()));
  EXPECT_EQ(get(server.https()).size, 10U);
  const Nginx second = serve(Certificate(for_localhost(), &other));
  EXPECT_EQ(get(second.https()).size, 10U);
}

TEST_F(Https, a_mistake_in_the_environment_is_named) {
  const Nginx server = serve(certificate_);
  aws_ca_bundle_.set("/no/such.pem");
  EXPECT_THAT(refusal(server.https()), IsError(ErrorCode::kInvalidArgument, "/no/such.pem", kNowhere, "named by AWS_CA_BUNDLE"));
  aws_ca_bundle_.set(std::nullopt);
  ssl_cert_dir_.set("/no such");
  EXPECT_THAT(refusal(server.https()), IsError(ErrorCode::kInvalidArgument, "/no such", kNowhere, "named by SSL_CERT_DIR"));
}

TEST_F(Https, a_chain_may_have_more_links) {
  const Certificate middle({.subject = {"A Middle"}, .is_authority = true}, &authority_);
  const Certificate server_certificate(for_localhost(), &middle);
  const Nginx server(root(), server_certificate.pem() + middle.pem(), server_certificate.key_pem());
  EXPECT_EQ(get(server.https()).size, 10U);
}

TEST_F(Https, redirects_lead_to_https_and_never_away) {
  Nginx server = serve(certificate_);
  const auto store = open_store(server.http() + "/to-https");
  GetOptions part;
  part.offset = 2;
  part.size = 3;
  EXPECT_EQ(as_text(store->get("current", part).value().bytes), "234");
  EXPECT_EQ(store->traffic().requests, 2U);
  EXPECT_THAT(refusal(server.https() + "/to-http").what(), HasSubstr("\"http\""));
  EXPECT_EQ(server.final_log(), "GET /to-https/current 302\nGET /current 206\nGET /to-http/current 302\n");
}

}  // namespace
}  // namespace almanac
