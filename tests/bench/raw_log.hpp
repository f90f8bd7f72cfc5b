#pragma once

#include "events/catalog.hpp"
#include "events/log/entry.hpp"
#include "events/log/key.hpp"

#include <rocksdb/db.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

/// RocksDB with the rows of our log and nothing of ours: what appends are
/// measured against.
namespace fc::bench {

[[noreturn]] inline void stop(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

inline void must(const rocksdb::Status& status) {
  if (!status.ok())
    stop(status.ToString());
}

/// Text that compresses like text, of `size` bytes; the same state, the same
/// text.
inline std::string some_text(std::size_t size, unsigned& state) {
  static constexpr const char* words[]
    = {"array", "faster", "loop", "copy", "index", "dtype", "avoid", "cache",
       "merge", "fix",    "the",  "of",   "when",  "a",     "in",    "groupby"};
  const auto next = [&] {
    return (state = state * 1664525U + 1013904223U) >> 8U;
  };
  std::string text;
  while (text.size() < size)
    text += std::string{words[next() % 16]}
            + (next() % 8 == 0 ? std::to_string(next()) : "") + ' ';
  text.resize(size);
  return text;
}

/// An event with a text of so many bytes.
inline events::new_event
event_with_text(std::uint32_t number, std::size_t size, unsigned& state) {
  events::scraped x;
  x.repo = *events::repo_name::parse("owner/name");
  x.number = number;
  x.title = "PERF: faster";
  x.body = some_text(size, state);
  return events::make_event(x);
}

/// The bytes that our log stores for an event.
inline events::bytes
entry_of(const events::new_event& event, const events::stream_name& stream) {
  events::record x;
  x.at = 1;
  x.seq = 1;
  x.stream = stream;
  x.tag = event.tag;
  x.version = event.version;
  x.id = event.id;
  x.recorded_at = events::log::system_now();
  x.run = "run";
  x.node = "node";
  return events::log::make_entry(x, event.payload, {});
}

inline rocksdb::ColumnFamilyOptions
raw_options(std::size_t block_size, std::size_t buffer) {
  rocksdb::ColumnFamilyOptions options;
  rocksdb::BlockBasedTableOptions table;
  table.block_size = block_size;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.compression = rocksdb::kZSTD;
  options.compression_opts.level = 1;
  options.write_buffer_size = buffer;
  return options;
}

inline rocksdb::ColumnFamilyOptions raw_log_options() {
  return raw_options(32U << 10U, 64U << 20U);
}

/// The two rows of every record, in synced batches, with our settings.
class raw_log {
public:
  explicit raw_log(const std::filesystem::path& path) {
    rocksdb::DBOptions options;
    options.create_if_missing = true;
    options.create_missing_column_families = true;
    options.max_total_wal_size = 128U << 20U;
    options.wal_recovery_mode
      = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    rocksdb::DB* opened = nullptr;
    must(rocksdb::DB::Open(options, path.string(),
                           {{"default", {}},
                            {"log", raw_log_options()},
                            {"streams", raw_options(8U << 10U, 16U << 20U)}},
                           &handles_, &opened));
    db_.reset(opened);
  }
  raw_log(const raw_log&) = delete;
  raw_log& operator=(const raw_log&) = delete;
  ~raw_log() {
    for (auto* handle : handles_)
      db_->DestroyColumnFamilyHandle(handle);
  }

  void add(const events::stream_name& stream, events::sequence seq,
           const events::bytes& entry) {
    const auto key = events::log::position_key(++last_);
    const auto value = events::as_text(entry);
    must(batch_.Put(handles_[1], key, {value.data(), value.size()}));
    must(batch_.Put(handles_[2], events::log::stream_key(stream, seq), key));
  }

  void write() {
    rocksdb::WriteOptions options;
    options.sync = true;
    must(db_->Write(options, &batch_));
    batch_.Clear();
  }

private:
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
  rocksdb::WriteBatch batch_;
  events::position last_ = 0;
};

/// Ratios of paired slices.
class ratios {
public:
  void add(double mine, double base) {
    all_.push_back(mine / base);
    mine_ = std::max(mine_, mine);
    base_ = std::max(base_, base);
  }

  /// Median, quartiles, best against best, and the best rates.
  void print(const std::string& what) {
    std::ranges::sort(all_);
    const auto at = [&](std::size_t quarter) {
      return all_[(all_.size() - 1) * quarter / 4];
    };
    std::printf("%-34s ratio %.2f [%.2f..%.2f] best/best %.2f  (%.0f/s, raw "
                "%.0f/s)\n",
                what.c_str(), at(2), at(1), at(3), mine_ / base_, mine_, base_);
  }

private:
  std::vector<double> all_;
  double mine_ = 0;
  double base_ = 0;
};

} // namespace fc::bench
