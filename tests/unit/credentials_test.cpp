#include "store/credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "bytes.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/http_server.h"
#include "support/temporary_directory.h"

namespace almanac::internal {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::system_clock;
using support::error_from;
using support::HttpServer;
using support::IsError;
using support::kNowhere;
using support::ReceivedRequest;
using support::Reply;
using support::response;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// 2026-11-20T10:00:00Z.
const system_clock::time_point kNow(seconds(1'795'168'800));

AccessKey key_of(Environment::Variables variables, bool ask_instance = false) {
  return CredentialChain(Environment(std::move(variables)), ask_instance).key(Deadline::max());
}

std::string document(const std::string& id, const std::string& expiration) {
  return R"({"Code":"Success","AccessKeyId":")" + id + R"(","SecretAccessKey":"hidden","Token":"token","Expiration":")" + expiration +
         R"("})";
}

class CredentialsFileTest : public testing::Test {
 protected:
  AccessKey key_in(const std::string& text, Environment::Variables variables = {}) {
    support::write_bytes(file_, as_bytes(text));
    variables.emplace("AWS_SHARED_CREDENTIALS_FILE", file_);
    return key_of(std::move(variables));
  }

  support::TemporaryDirectory folder_;
  std::string file_ = folder_ / "credentials";
};

TEST(CredentialsTest, the_environment_comes_first) {
  const Environment::Variables variables = {{"AWS_ACCESS_KEY_ID", "ID"},
                                            {"AWS_SECRET_ACCESS_KEY", "hidden"},
                                            {"AWS_SESSION_TOKEN", "token"},
                                            {"AWS_SHARED_CREDENTIALS_FILE", "/dev/null"},
                                            {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://192.0.2.1/"}};
  EXPECT_EQ(key_of(variables), (AccessKey{"ID", "hidden", "token"}));
}

TEST(CredentialsTest, half_a_pair_is_an_error) {
  EXPECT_THAT(error_from([] {
                (void)key_of({{"AWS_ACCESS_KEY_ID", "ID"}});
              }),
              IsError(ErrorCode::kInvalidArgument, "AWS_SECRET_ACCESS_KEY", kNowhere, "is not set, though AWS_ACCESS_KEY_ID is"));
  EXPECT_THAT(error_from([] {
                (void)key_of({{"AWS_ACCESS_KEY_ID", ""}, {"AWS_SECRET_ACCESS_KEY", "hidden"}});
              }),
              IsError(ErrorCode::kInvalidArgument, "AWS_ACCESS_KEY_ID", kNowhere, "is not set, though AWS_SECRET_ACCESS_KEY is"));
}

TEST(CredentialsTest, a_key_that_would_end_its_header_is_refused_and_not_told) {
  const Error error = error_from([] { (void)key_of({{"AWS_ACCESS_KEY_ID", "ID"}, {"AWS_SECRET_ACCESS_KEY", "hidden\n"}}); });
  EXPECT_THAT(error, IsError(ErrorCode::kInvalidArgument, "AWS credentials", kNowhere, "the secret from the environment has"));
  EXPECT_THAT(error.what(), Not(HasSubstr("hidden")));
  EXPECT_EQ(error_from([] {
              (void)key_of({{"AWS_ACCESS_KEY_ID", "I\rD"}, {"AWS_SECRET_ACCESS_KEY", "hidden"}});
            }).code(),
            ErrorCode::kInvalidArgument);
}

TEST(CredentialsTest, none_at_all_tells_every_place) {
  const Error error = error_from([] { (void)key_of({{"HOME", "/nowhere"}}); });
  EXPECT_EQ(error.code(), ErrorCode::kPermissionDenied);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("AWS_ACCESS_KEY_ID is not set; /nowhere/.aws/credentials has no profile \"default\"; "),
                                  HasSubstr("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are not set; "),
                                  HasSubstr("only where ALMANAC_INSTANCE_CREDENTIALS is 1")));
  EXPECT_THAT(error_from([] { (void)key_of({}); }).what(), HasSubstr("HOME and AWS_SHARED_CREDENTIALS_FILE are not set"));
}

TEST_F(CredentialsFileTest, has_a_key_in_a_profile) {
  const std::string text =
      "[default]\naws_access_key_id = ID\naws_secret_access_key = hidden\n"
      "[dev]\naws_access_key_id = DEV\naws_secret_access_key = hidden\naws_session_token = token\n";
  EXPECT_EQ(key_in(text), (AccessKey{"ID", "hidden", ""}));
  EXPECT_EQ(key_in(text, {{"AWS_PROFILE", "dev"}}), (AccessKey{"DEV", "hidden", "token"}));
}

TEST_F(CredentialsFileTest, half_a_pair_is_an_error) {
  EXPECT_THAT(error_from([&] { (void)key_in("[default]\naws_access_key_id = ID\n"); }),
              IsError(ErrorCode::kInvalidArgument, file_ + ": profile \"default\"", kNowhere, "no aws_secret_access_key"));
  EXPECT_THAT(error_from([&] { (void)key_in("[default]\naws_secret_access_key = hidden\n"); }),
              IsError(ErrorCode::kInvalidArgument, file_ + ": profile \"default\"", kNowhere, "no aws_access_key_id"));
  EXPECT_THAT(error_from([&] { (void)key_in("[default]\nhidden\n"); }), IsError(ErrorCode::kInvalidArgument, file_ + ":2", kNowhere, ""));
}

TEST_F(CredentialsFileTest, a_profile_that_is_named_must_be_somewhere) {
  EXPECT_THAT(error_from([&] {
                (void)key_in("[default]\n", {{"AWS_PROFILE", "dev"}});
              }),
              IsError(ErrorCode::kInvalidArgument, "AWS_PROFILE", kNowhere, "has no profile \"dev\""));
  support::write_bytes(folder_ / "config", as_bytes("[profile dev]\nregion = eu-west-1\n"));
  EXPECT_EQ(error_from([&] {
              (void)key_in("[default]\n", {{"AWS_PROFILE", "dev"}, {"AWS_CONFIG_FILE", folder_ / "config"}});
            }).code(),
            ErrorCode::kPermissionDenied);
  EXPECT_THAT(error_from([&] { (void)key_in("[default]\nrole_arn = x\n"); }).what(),
              HasSubstr("role_arn, sso_session and credential_process"));
}

TEST(ContainerCredentialsTest, come_from_the_full_uri_with_a_token) {
  HttpServer server({Reply{response(200, document("ID", "2099-01-01T00:00:00Z"))}});
  const Environment::Variables variables = {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url() + "/creds?x=1"},
                                            {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "Bearer abc"}};
  EXPECT_EQ(key_of(variables), (AccessKey{"ID", "hidden", "token"}));
  ASSERT_EQ(server.requests().size(), 1U);
  EXPECT_EQ(server.requests()[0].target, "/creds?x=1");
  EXPECT_EQ(server.requests()[0].header("authorization"), "Bearer abc");
}

TEST(ContainerCredentialsTest, the_tokens_file_is_read_each_time) {
  const support::TemporaryDirectory folder;
  const std::string file = folder / "token";
  HttpServer server({Reply{response(200, document("ID", "2099-01-01T00:00:00Z"))}});
  CredentialChain chain(Environment({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url()},
                                     {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "not this one"},
                                     {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file}}),
                        false);
  EXPECT_THAT(error_from([&] { (void)chain.key(Deadline::max()); }), IsError(ErrorCode::kNotFound, file, kNowhere, ""));
  for (const std::string token : {"first", "second"}) {
    support::write_bytes(file, as_bytes(token + "\n"));
    chain.forget(chain.key(Deadline::max()));
    EXPECT_EQ(server.requests().back().header("authorization"), token);
  }
  support::write_bytes(file, as_bytes("a\r\nInjected: b"));
  EXPECT_THAT(error_from([&] { (void)chain.key(Deadline::max()); }), IsError(ErrorCode::kInvalidArgument, file, kNowhere, "single line"));
}

TEST(ContainerCredentialsTest, are_not_asked_of_strangers_over_plain_http) {
  for (const char* uri : {"http://192.0.2.1/creds", "http://example.com/", "http://169.254.170.2@example.com/"}) {
    const Error error = error_from([&] { (void)key_of({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", uri}}); });
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument) << uri;
    EXPECT_EQ(error.object(), "AWS_CONTAINER_CREDENTIALS_FULL_URI");
  }
  for (const char* uri : {"creds", "@example.com/creds", ".example.com/"}) {
    EXPECT_THAT(error_from([&] {
                  (void)key_of({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", uri}});
                }),
                IsError(ErrorCode::kInvalidArgument, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", kNowhere, "begins with \"/\""));
  }
}

TEST(ContainerCredentialsTest, an_address_with_a_password_is_not_told) {
  for (const char* uri : {"https://bob:hidden@127.0.0.1/", "ftp://bob:hidden@127.0.0.1/?hidden"}) {
    const Error error = error_from([&] { (void)key_of({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", uri}}); });
    EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(error.what(), Not(HasSubstr("hidden")));
  }
}

TEST(ContainerCredentialsTest, the_environment_names_the_roots_of_trust) {
  EXPECT_THAT(error_from([] {
                (void)key_of({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "https://127.0.0.1:1/"}, {"AWS_CA_BUNDLE", "/no/such.pem"}});
              }),
              IsError(ErrorCode::kInvalidArgument, "/no/such.pem", kNowhere, "named by AWS_CA_BUNDLE"));
}

TEST(ContainerCredentialsTest, what_is_no_key_is_an_error_that_tells_no_secret) {
  for (const auto& [status, body, code, words] : {
           std::tuple(200, std::string("no json"), ErrorCode::kInputOutput, "something else than JSON"),
           {200, std::string("[]"), ErrorCode::kInputOutput, "something else than JSON"},
           {200, std::string(60'000, '['), ErrorCode::kInputOutput, "something else than JSON"},
           {200, std::string(R"({"AccessKeyId":"ID","SecretAccessKey":7})"), ErrorCode::kInputOutput, "something else than JSON"},
           {200, std::string(R"({"Code":"Failed","AccessKeyId":"ID"})"), ErrorCode::kPermissionDenied, "answered Failed"},
           {200, document("ID", "tomorrow"), ErrorCode::kInputOutput, "that is no time: tomorrow"},
           {200, document("ID", "2001-01-01T00:00:00Z"), ErrorCode::kPermissionDenied, "have expired already"},
           {200, document("I\\r\\nD", "2099-01-01T00:00:00Z"), ErrorCode::kInputOutput, "from the container's endpoint"},
           {404, std::string(R"({"code":"x","message":"no such task"})"), ErrorCode::kPermissionDenied, "status 404: no such task"},
           {500, std::string(), ErrorCode::kInputOutput, "status 500"},
           {200, std::string(70'000, ' '), ErrorCode::kLimitExceeded, ""},
       }) {
    HttpServer server({Reply{response(status, body)}});
    const Error error = error_from([&] { (void)key_of({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url() + "/secret-path"}}); });
    EXPECT_EQ(error.code(), code) << body.substr(0, 100);
    EXPECT_THAT(error.what(), AllOf(HasSubstr(words), Not(HasSubstr("hidden")), Not(HasSubstr("secret-path"))));
  }
}

TEST(ContainerCredentialsTest, a_silent_endpoint_is_given_up) {
  Reply silence;
  silence.then = Reply::Then::kHang;
  HttpServer server({silence});
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(error_from([&] {
              CredentialChain chain(Environment({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url()}}), false);
              (void)chain.key(begin + std::chrono::milliseconds(100));
            }).code(),
            ErrorCode::kTimedOut);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(60));
}

// An endpoint whose keys are numbered, and a clock that the test moves.
class RenewalTest : public testing::Test {
 protected:
  RenewalTest()
      : server_([this](const ReceivedRequest&) {
          if (broken_) return Reply{response(500)};
          return Reply{response(200, document(std::to_string(++given_), "2026-11-20T" + std::to_string(hour_) + ":00:00Z"))};
        }),
        chain_(Environment({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", server_.url()}}), false, [this] { return now_.load(); }) {}

  std::string id() { return chain_.key(std::chrono::steady_clock::now() + seconds(30)).id; }

  std::atomic<system_clock::time_point> now_ = kNow;
  std::atomic<bool> broken_ = false;
  std::atomic<int> given_ = 0;
  std::atomic<int> hour_ = 11;  // at which the next one expires
  HttpServer server_;
  CredentialChain chain_;
};

TEST_F(RenewalTest, a_key_is_kept_until_shortly_before_it_expires) {
  EXPECT_EQ(id(), "1");
  now_ = kNow + minutes(54);
  EXPECT_EQ(id(), "1");
  now_ = kNow + minutes(55);
  hour_ = 12;
  EXPECT_EQ(id(), "2");
  EXPECT_EQ(server_.requests().size(), 2U);
}

TEST_F(RenewalTest, a_failed_renewal_does_not_replace_a_key_that_still_holds) {
  EXPECT_EQ(id(), "1");
  broken_ = true;
  now_ = kNow + minutes(56);
  EXPECT_EQ(id(), "1");
  const std::size_t asked = server_.requests().size();
  EXPECT_EQ(id(), "1");
  EXPECT_EQ(server_.requests().size(), asked) << "the endpoint is left in peace for a while";
  now_ = kNow + minutes(60);
  EXPECT_EQ(error_from([&] { (void)id(); }).code(), ErrorCode::kInputOutput);
  broken_ = false;
  hour_ = 12;
  EXPECT_EQ(id(), "2");
}

TEST_F(RenewalTest, an_endpoint_that_gives_its_old_key_is_not_asked_each_time) {
  EXPECT_EQ(id(), "1");
  now_ = kNow + minutes(57);
  EXPECT_EQ(id(), "2");
  EXPECT_EQ(id(), "2");
  now_ = kNow + minutes(57) + seconds(30);
  EXPECT_EQ(id(), "3");
}

TEST_F(RenewalTest, a_key_that_was_refused_is_asked_for_anew) {
  const AccessKey first = chain_.key(Deadline::max());
  chain_.forget(first);
  EXPECT_EQ(id(), "2");
  chain_.forget(first);
  EXPECT_EQ(id(), "2");
}

TEST_F(RenewalTest, many_threads_ask_once) {
  std::vector<std::string> ids(8);
  {
    std::vector<std::jthread> threads;
    for (std::string& each : ids) threads.emplace_back([&] { each = id(); });
  }
  EXPECT_EQ(ids, std::vector<std::string>(8, "1"));
  EXPECT_EQ(server_.requests().size(), 1U);
}

TEST(InstanceCredentialsTest, are_asked_for_only_when_told_to) {
  HttpServer server([](const ReceivedRequest& request) {
    const std::string roles = "/latest/meta-data/iam/security-credentials/";
    if (request.method == "PUT" && request.target == "/latest/api/token") return Reply{response(200, "session-token")};
    if (request.header("x-aws-ec2-metadata-token") != "session-token") return Reply{response(401)};
    if (request.target == roles) return Reply{response(200, "a role\nanother\n")};
    if (request.target == roles + "a%20role") return Reply{response(200, document("ID", "2099-01-01T00:00:00Z"))};
    return Reply{response(404)};
  });
  Environment::Variables variables = {{"AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url() + "/"}};
  EXPECT_EQ(error_from([&] { (void)key_of(variables); }).code(), ErrorCode::kPermissionDenied);
  EXPECT_EQ(server.requests().size(), 0U);
  EXPECT_EQ(key_of(variables, true).id, "ID");
  EXPECT_EQ(server.requests().size(), 3U);
  EXPECT_NE(server.requests()[0].header("x-aws-ec2-metadata-token-ttl-seconds"), "");
  variables.emplace("ALMANAC_INSTANCE_CREDENTIALS", "1");
  EXPECT_EQ(key_of(variables).id, "ID");
  variables.emplace("AWS_EC2_METADATA_DISABLED", "true");
  EXPECT_THAT(error_from([&] { (void)key_of(variables); }).what(), HasSubstr("AWS_EC2_METADATA_DISABLED is true"));
}

TEST(InstanceCredentialsTest, a_failure_is_told_beside_the_other_places) {
  const std::string nobody = support::url_of_nobody();
  const Error error = error_from([&] { (void)key_of({{"AWS_EC2_METADATA_SERVICE_ENDPOINT", nobody}}, true); });
  EXPECT_EQ(error.code(), ErrorCode::kInputOutput);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("AWS_ACCESS_KEY_ID is not set; "), HasSubstr("the instance metadata service at " + nobody)));
}

}  // namespace
}  // namespace almanac::internal
