#include "tls_roots.h"

#include "http_exchange.h"

namespace almanac::internal {

class CertificateBundle {};

RootPlaces RootPlaces::of_environment() { return {.directory = "/etc/ssl/certs", .bundle = ""}; }

TlsRoots::TlsRoots(const RootPlaces& places) : places_(places) {}
TlsRoots::~TlsRoots() = default;

void TlsRoots::configure(CURL* easy) const {
  set_option(easy, CURLOPT_CAINFO, nullptr);
  set_option(easy, CURLOPT_CAPATH, places_.directory.c_str());
}

std::string_view advice_on_verification(long /*result*/) noexcept { return {}; }

}  // namespace almanac::internal
