#include "support/nginx.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "file_descriptor.h"
#include "support/http_server.h"

namespace almanac::support {

namespace {

constexpr const char* kProgram = "/usr/sbin/nginx";

// One process, which writes nothing outside of its folder.
std::string configuration(const std::filesystem::path& folder, const std::filesystem::path& root, const std::string& address) {
  std::string text = "daemon off;\nmaster_process off;\npid FOLDER/pid;\nerror_log FOLDER/error.log;\n"
                     "events { worker_connections 512; }\n"
                     "http {\n  access_log off;\n  client_body_temp_path FOLDER/body;\n  proxy_temp_path FOLDER/proxy;\n"
                     "  fastcgi_temp_path FOLDER/fastcgi;\n  uwsgi_temp_path FOLDER/uwsgi;\n  scgi_temp_path FOLDER/scgi;\n"
                     "  server { listen ADDRESS; root ROOT; }\n}\n";
  const auto put = [&](const std::string& name, const std::string& value) {
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name)) text.replace(at, name.size(), value);
  };
  put("FOLDER", folder.string());
  put("ROOT", root.string());
  put("ADDRESS", address);
  return text;
}

}  // namespace

Nginx::Nginx(const std::filesystem::path& root) {
  if (::access(kProgram, X_OK) != 0) throw std::runtime_error("no nginx on this machine: apt-get install -y nginx-light");
  // Another process may take the port between its choice and its use.
  constexpr int kMaxAttempts = 3;
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    if (start(root)) return;
    stop();
  }
  std::ifstream log(folder_ / "error.log");
  throw std::runtime_error("nginx does not start: " + std::string(std::istreambuf_iterator<char>(log), {}));
}

Nginx::~Nginx() { stop(); }

bool Nginx::start(const std::filesystem::path& root) {
  url_ = url_of_nobody();
  std::ofstream(folder_ / "nginx.conf") << configuration(folder_.path(), root, url_.substr(std::string("http://").size()));
  const std::string file = (folder_ / "nginx.conf").string();
  const std::string log = (folder_ / "error.log").string();
  process_ = ::fork();
  if (process_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (process_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::execl(kProgram, kProgram, "-p", folder_.path().c_str(), "-c", file.c_str(), "-e", log.c_str(), nullptr);
    ::_exit(127);
  }
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < deadline) {
    if (::waitpid(process_, nullptr, WNOHANG) == process_) {
      process_ = -1;
      return false;
    }
    if (listens()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

bool Nginx::listens() const {
  const internal::FileDescriptor probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoul(url_.substr(url_.rfind(':') + 1))));
  return probe && ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

void Nginx::stop() noexcept {
  if (process_ < 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = -1;
}

}  // namespace almanac::support
