// SQLite: name to first uri, one table clustered by name, opened immutable and mapped, one prepared statement in one transaction.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "peers/temporary_folder.h"

namespace peers {

class Sqlite {
 public:
  explicit Sqlite(std::span<const almanac::Service> services) {
    write(services);
    database_ = open("file:" + folder_.file("sqlite") + "?mode=ro&immutable=1");
    execute(*database_, "PRAGMA mmap_size = 17179869184; PRAGMA locking_mode = EXCLUSIVE; BEGIN");
    query_ = prepare(*database_, "SELECT uri FROM service WHERE name = ?");
  }

  std::string_view find(std::string_view name) {
    sqlite3_reset(query_.get());
    sqlite3_bind_text(query_.get(), 1, name.data(), static_cast<int>(name.size()), SQLITE_STATIC);
    if (sqlite3_step(query_.get()) != SQLITE_ROW) return {};
    const auto* text = static_cast<const char*>(sqlite3_column_blob(query_.get(), 0));
    return {text, static_cast<std::size_t>(sqlite3_column_bytes(query_.get(), 0))};
  }

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Database = std::unique_ptr<sqlite3, Close>;
  using Statement = std::unique_ptr<sqlite3_stmt, Close>;

  static Database open(const std::string& address) {
    sqlite3* opened = nullptr;
    const int status = sqlite3_open_v2(address.c_str(), &opened,
                                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
    Database database(opened);
    require(status == SQLITE_OK, "sqlite3_open_v2");
    return database;
  }
  static void execute(sqlite3& database, const char* statements) {
    require(sqlite3_exec(&database, statements, nullptr, nullptr, nullptr) == SQLITE_OK, statements);
  }
  static Statement prepare(sqlite3& database, const char* text) {
    sqlite3_stmt* statement = nullptr;
    require(sqlite3_prepare_v3(&database, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) == SQLITE_OK, text);
    return Statement(statement);
  }

  void write(std::span<const almanac::Service> services) const {
    const Database database = open("file:" + folder_.file("sqlite"));
    execute(*database,
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE service (name TEXT PRIMARY KEY, uri TEXT NOT NULL) WITHOUT ROWID; BEGIN");
    const Statement insert = prepare(*database, "INSERT INTO service VALUES (?, ?)");
    for (const almanac::Service& service : services) {
      const std::string_view name = service.name();
      const std::string uri(service.uri());
      sqlite3_bind_text(insert.get(), 1, name.data(), static_cast<int>(name.size()), SQLITE_STATIC);
      sqlite3_bind_text(insert.get(), 2, uri.c_str(), static_cast<int>(uri.size()), SQLITE_STATIC);
      require(sqlite3_step(insert.get()) == SQLITE_DONE, "INSERT of a service");
      sqlite3_reset(insert.get());
    }
    execute(*database, "COMMIT");
  }

  TemporaryFolder folder_;
  Database database_;
  Statement query_;
};

static_assert(Peer<Sqlite>);

}  // namespace peers
