// LevelDB: name to first uri, in one compacted level, with a bloom filter, and a cache that all of it fits in.
#pragma once

#include <leveldb/cache.h>
#include <leveldb/db.h>
#include <leveldb/filter_policy.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "peers/temporary_folder.h"

namespace peers {

class LevelDb {
 public:
  explicit LevelDb(std::span<const almanac::Service> services) {
    open();
    for (const almanac::Service& service : services) check(database_->Put({}, slice(service.name()), slice(service.uri())));
    database_->CompactRange(nullptr, nullptr);
    open();  // again: what was written last is in a table now, and not in a log
  }

  std::string_view find(std::string_view name) {
    if (!database_->Get({}, slice(name), &value_).ok()) return {};
    return value_;
  }

 private:
  static leveldb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }
  static void check(const leveldb::Status& status) { require(status.ok(), "LevelDB: " + status.ToString()); }

  void open() {
    database_.reset();
    leveldb::Options options;
    options.create_if_missing = true;
    options.compression = leveldb::kNoCompression;
    options.filter_policy = filter_.get();
    options.block_cache = cache_.get();
    leveldb::DB* opened = nullptr;
    check(leveldb::DB::Open(options, folder_.file("leveldb"), &opened));
    database_.reset(opened);
  }

  TemporaryFolder folder_;
  std::unique_ptr<const leveldb::FilterPolicy> filter_{leveldb::NewBloomFilterPolicy(10)};
  std::unique_ptr<leveldb::Cache> cache_{leveldb::NewLRUCache(std::size_t{1} << 30U)};
  std::unique_ptr<leveldb::DB> database_;
  std::string value_;
};

static_assert(Peer<LevelDb>);

}  // namespace peers
