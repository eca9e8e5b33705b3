// tinycdb: D. J. Bernstein's constant database, name to first uri, its file mapped by cdb_init().
#pragma once

#include <cdb.h>
#include <fcntl.h>
#include <unistd.h>

#include <span>
#include <string_view>

#include "peers/temporary_folder.h"

namespace peers {

class Cdb {
 public:
  explicit Cdb(std::span<const almanac::Service> services) : file_(::open(folder_.file("cdb").c_str(), O_RDWR | O_CREAT, 0600)) {
    require(file_ >= 0, "open of a cdb");
    cdb_make maker{};
    require(cdb_make_start(&maker, file_) == 0, "cdb_make_start");
    for (const almanac::Service& service : services) {
      const std::string_view name = service.name();
      const std::string_view uri = service.uri();
      require(cdb_make_add(&maker, name.data(), size(name), uri.data(), size(uri)) == 0, "cdb_make_add");
    }
    require(cdb_make_finish(&maker) == 0, "cdb_make_finish");
    require(cdb_init(&database_, file_) == 0, "cdb_init");
  }
  Cdb(const Cdb&) = delete;
  Cdb& operator=(const Cdb&) = delete;
  ~Cdb() {
    cdb_free(&database_);
    ::close(file_);
  }

  std::string_view find(std::string_view name) {
    if (cdb_find(&database_, name.data(), size(name)) <= 0) return {};
    return {static_cast<const char*>(cdb_getdata(&database_)), cdb_datalen(&database_)};
  }

 private:
  static unsigned size(std::string_view text) { return static_cast<unsigned>(text.size()); }

  TemporaryFolder folder_;
  int file_;
  cdb database_{};
};

static_assert(Peer<Cdb>);

}  // namespace peers
