// LMDB: name to first uri. One read transaction stays open; nobody writes, so there is nothing to lock or to read ahead.
#pragma once

#include <lmdb.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "peers/temporary_folder.h"

namespace peers {

class Lmdb {
 public:
  explicit Lmdb(std::span<const almanac::Service> services) {
    write(services);
    environment_ = open(MDB_RDONLY | MDB_NOLOCK | MDB_NORDAHEAD, 0);
    check(mdb_txn_begin(environment_.get(), nullptr, MDB_RDONLY, &transaction_), "mdb_txn_begin");
    check(mdb_dbi_open(transaction_, nullptr, 0, &database_), "mdb_dbi_open");
  }
  Lmdb(const Lmdb&) = delete;
  Lmdb& operator=(const Lmdb&) = delete;
  ~Lmdb() { mdb_txn_abort(transaction_); }

  std::string_view find(std::string_view name) {
    MDB_val key = value_of(name);
    MDB_val found{};
    if (mdb_get(transaction_, database_, &key, &found) != MDB_SUCCESS) return {};
    return {static_cast<const char*>(found.mv_data), found.mv_size};
  }

 private:
  struct Close {
    void operator()(MDB_env* environment) const { mdb_env_close(environment); }
  };
  using Environment = std::unique_ptr<MDB_env, Close>;

  static void check(int status, const char* what) { require(status == MDB_SUCCESS, std::string(what) + ": " + mdb_strerror(status)); }
  static MDB_val value_of(std::string_view text) { return {text.size(), const_cast<char*>(text.data())}; }

  [[nodiscard]] Environment open(unsigned flags, std::size_t map_size) const {
    MDB_env* made = nullptr;
    check(mdb_env_create(&made), "mdb_env_create");
    Environment environment(made);
    if (map_size != 0) check(mdb_env_set_mapsize(made, map_size), "mdb_env_set_mapsize");
    check(mdb_env_open(made, folder_.file("lmdb").c_str(), flags | MDB_NOSUBDIR, 0600), "mdb_env_open");
    return environment;
  }

  // In the order of the keys, which fills the pages.
  void write(std::span<const almanac::Service> services) const {
    std::size_t bytes = std::size_t{1} << 20U;
    for (const almanac::Service& service : services) bytes += 2 * (service.name().size() + service.uri().size() + 32);
    const Environment environment = open(MDB_NOSYNC | MDB_WRITEMAP, bytes);
    MDB_txn* transaction = nullptr;
    MDB_dbi database = 0;
    check(mdb_txn_begin(environment.get(), nullptr, 0, &transaction), "mdb_txn_begin");
    check(mdb_dbi_open(transaction, nullptr, MDB_CREATE, &database), "mdb_dbi_open");
    for (const almanac::Service& service : services) {
      MDB_val key = value_of(service.name());
      MDB_val value = value_of(service.uri());
      check(mdb_put(transaction, database, &key, &value, MDB_APPEND), "mdb_put");
    }
    check(mdb_txn_commit(transaction), "mdb_txn_commit");
  }

  TemporaryFolder folder_;
  Environment environment_;
  MDB_txn* transaction_ = nullptr;
  MDB_dbi database_ = 0;
};

static_assert(Peer<Lmdb>);

}  // namespace peers
