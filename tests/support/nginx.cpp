#include "support/nginx.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <thread>

#include "bytes.h"
#include "support/certificates.h"
#include "support/file_bytes.h"
#include "support/loopback.h"

namespace almanac::support {

namespace {

constexpr std::array kPrograms = {"/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"};

const char* program() {
  for (const char* path : kPrograms) {
    if (::access(path, X_OK) == 0) return path;
  }
  throw std::runtime_error("there is no nginx here: apt-get install -y nginx-light");
}

bool listens(std::uint16_t port) { return connect_to(port, stream_socket()); }

}  // namespace

Nginx::Nginx(const std::filesystem::path& root, const std::string& certificates, const std::string& key) {
  write_bytes(folder_ / "certificates.pem", internal::as_bytes(certificates));
  write_bytes(folder_ / "key.pem", internal::as_bytes(key));
  // Somebody may take a port between its choice and its use.
  constexpr int kAttempts = 5;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    http_port_ = free_port();
    https_port_ = free_port();
    configure(root);
    if (start()) return;
    stop(SIGKILL);
  }
  throw std::runtime_error("nginx does not start:\n" + std::string(internal::as_text(read_bytes(folder_ / "error.log"))));
}

Nginx::Nginx(const std::filesystem::path& root, const Certificate& own) : Nginx(root, own.pem(), own.key_pem()) {}

Nginx::Nginx(const std::filesystem::path& root) : Nginx(root, Certificate({.subject = {"A Server"}})) {}

Nginx::~Nginx() { stop(SIGKILL); }

void Nginx::configure(const std::filesystem::path& root) const {
  std::ofstream file(folder_ / "nginx.conf");
  file << "daemon off; master_process off; pid nginx.pid; error_log error.log;\n"
       << "events {}\nhttp {\n"
       << "  log_format line '$request_method $uri $status'; access_log access.log line;\n";
  for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) file << "  " << kind << "_temp_path temporary;\n";
  file << "  server {\n    listen 127.0.0.1:" << http_port_ << "; root " << root.string() << ";\n"
       << "    location /to-https/ { rewrite ^/to-https/(.*)$ " << https() << "/$1 redirect; }\n  }\n"
       << "  server {\n    listen 127.0.0.1:" << https_port_ << " ssl; root " << root.string() << ";\n"
       << "    ssl_certificate certificates.pem; ssl_certificate_key key.pem;\n"
       << "    location /to-http/ { rewrite ^/to-http/(.*)$ " << http() << "/$1 redirect; }\n  }\n}\n";
}

// False when it ended at once, for want of a port or for another reason that its log tells.
bool Nginx::start() {
  const std::string configuration = (folder_ / "nginx.conf").string();
  const std::string log = (folder_ / "error.log").string();
  const std::string prefix = folder_.path().string() + "/";
  const char* path = program();
  const pid_t parent = ::getpid();
  process_ = ::fork();
  if (process_ < 0) throw std::runtime_error("no process can be started");
  if (process_ == 0) {
    (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);
    const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    (void)::dup2(output, STDERR_FILENO);
    ::execl(path, path, "-p", prefix.c_str(), "-c", configuration.c_str(), "-e", log.c_str(), static_cast<char*>(nullptr));
    ::_exit(1);
  }
  constexpr std::chrono::milliseconds kStep(5);
  constexpr int kSteps = 2000;
  for (int step = 0; step < kSteps; ++step) {
    if (::waitpid(process_, nullptr, WNOHANG) == process_) {
      process_ = -1;
      return false;
    }
    if (listens(http_port_) && listens(https_port_)) return true;
    std::this_thread::sleep_for(kStep);
  }
  return false;
}

void Nginx::stop(int signal) noexcept {
  if (process_ < 0) return;
  (void)::kill(process_, signal);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) continue;
  process_ = -1;
}

std::string Nginx::final_log() {
  stop(SIGQUIT);
  return std::string(internal::as_text(read_bytes(folder_ / "access.log")));
}

}  // namespace almanac::support
