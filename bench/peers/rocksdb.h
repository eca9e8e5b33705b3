// RocksDB: name to first uri, as its documentation has it for data in memory: a plain table, mapped, with a hash index over whole keys
// and a bloom filter, opened read-only.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "peers/temporary_folder.h"

namespace peers {

class RocksDb {
 public:
  explicit RocksDb(std::span<const almanac::Service> services) {
    options_.create_if_missing = true;
    options_.compression = rocksdb::kNoCompression;
    options_.allow_mmap_reads = true;
    options_.max_open_files = -1;
    options_.prefix_extractor.reset(rocksdb::NewNoopTransform());
    options_.table_factory.reset(rocksdb::NewPlainTableFactory());
    write(services);
    rocksdb::DB* opened = nullptr;
    check(rocksdb::DB::OpenForReadOnly(options_, folder_.file("rocksdb"), &opened));
    database_.reset(opened);
  }

  std::string_view find(std::string_view name) {
    value_.Reset();
    if (!database_->Get(read_, database_->DefaultColumnFamily(), slice(name), &value_).ok()) return {};
    return {value_.data(), value_.size()};
  }

 private:
  static rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }
  static void check(const rocksdb::Status& status) { require(status.ok(), "RocksDB: " + status.ToString()); }

  void write(std::span<const almanac::Service> services) const {
    rocksdb::DB* opened = nullptr;
    check(rocksdb::DB::Open(options_, folder_.file("rocksdb"), &opened));
    const std::unique_ptr<rocksdb::DB> database(opened);
    rocksdb::WriteOptions no_log;
    no_log.disableWAL = true;
    for (const almanac::Service& service : services) check(database->Put(no_log, slice(service.name()), slice(service.uri())));
    check(database->CompactRange({}, nullptr, nullptr));
  }

  static rocksdb::ReadOptions unchecked() {
    rocksdb::ReadOptions options;
    options.verify_checksums = false;
    return options;
  }

  TemporaryFolder folder_;
  rocksdb::Options options_;
  rocksdb::ReadOptions read_ = unchecked();
  std::unique_ptr<rocksdb::DB> database_;
  rocksdb::PinnableSlice value_;
};

static_assert(Peer<RocksDb>);

}  // namespace peers
