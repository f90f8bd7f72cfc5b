#include "events/catalog.hpp"
#include "events/log/entry.hpp"
#include "events/log/event_log.hpp"
#include "events/log/key.hpp"
#include "tests/bench/work_folder.hpp"

#include <rocksdb/db.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// The log against RocksDB alone: durable appends of the same bytes, and scans
/// of the same files. Slices of both alternate, and only their ratio is
/// printed as a result: rates of a shared machine mean nothing by themselves.
namespace {

using namespace fc::events;
namespace fs = std::filesystem;
using seconds = std::chrono::duration<double>;

constexpr std::size_t pool_size = 4096;
constexpr std::uint32_t streams = 50'000;

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "log_bench: %s\n", why.c_str());
  std::exit(1);
}

void must(const rocksdb::Status& status) {
  if (!status.ok())
    stop(status.ToString());
}

/// Events of about 1,300 bytes of text that compresses like text.
std::vector<new_event> make_pool() {
  static constexpr const char* words[]
    = {"array", "faster", "loop", "copy", "index", "dtype", "avoid", "cache",
       "merge", "fix",    "the",  "of",   "when",  "a",     "in",    "groupby"};
  std::vector<new_event> pool;
  unsigned state = 1;
  const auto next = [&] {
    return (state = state * 1664525U + 1013904223U) >> 8U;
  };
  for (std::size_t i = 0; i < pool_size; ++i) {
    scraped x;
    x.repo = *repo_name::parse("owner/name");
    x.number = static_cast<std::uint32_t>(i);
    x.title = "PERF: change " + std::to_string(next());
    for (auto size = 200 + next() % 1500; x.body.size() < size;)
      x.body += std::string{words[next() % 16]}
                + (next() % 8 == 0 ? std::to_string(next()) : "") + ' ';
    pool.push_back(make_event(x));
  }
  return pool;
}

std::string stream_of_turn(std::uint64_t turn) {
  return "pr/owner/name#" + std::to_string(turn % streams + 1);
}

rocksdb::ColumnFamilyOptions raw_options() {
  rocksdb::ColumnFamilyOptions options;
  rocksdb::BlockBasedTableOptions table;
  table.block_size = 32U << 10U;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.compression = rocksdb::kZSTD;
  options.compression_opts.level = 1;
  return options;
}

/// RocksDB with the same rows and settings, and nothing of ours.
class raw_log {
public:
  raw_log(const fs::path& path, const std::vector<new_event>& pool) {
    rocksdb::DBOptions options;
    options.create_if_missing = true;
    options.create_missing_column_families = true;
    options.max_total_wal_size = 128U << 20U;
    rocksdb::DB* opened = nullptr;
    must(rocksdb::DB::Open(
      options, path.string(),
      {{"default", {}}, {"log", raw_options()}, {"streams", raw_options()}},
      &handles_, &opened));
    db_.reset(opened);
    for (const auto& event : pool) {
      record x;
      x.at = 1;
      x.stream = stream_of_turn(0);
      x.tag = event.tag;
      x.version = event.version;
      x.id = event.id;
      x.run = "run";
      x.node = "node";
      x.payload = event.payload;
      entries_.push_back(log::make_entry(x, x.payload, {}));
    }
  }
  raw_log(const raw_log&) = delete;
  raw_log& operator=(const raw_log&) = delete;
  ~raw_log() {
    for (auto* handle : handles_)
      db_->DestroyColumnFamilyHandle(handle);
  }

  void append(std::size_t count) {
    rocksdb::WriteBatch batch;
    for (std::size_t i = 0; i < count; ++i, ++turn_) {
      const auto& entry = entries_[turn_ % pool_size];
      const auto key = log::position_key(turn_ + 1);
      const auto value = as_text(entry);
      must(batch.Put(handles_[1], key, {value.data(), value.size()}));
      must(
        batch.Put(handles_[2],
                  log::stream_key(stream_of_turn(turn_),
                                  static_cast<sequence>(turn_ / streams + 1)),
                  key));
    }
    rocksdb::WriteOptions options;
    options.sync = true;
    must(db_->Write(options, &batch));
  }

private:
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
  std::vector<bytes> entries_;
  std::uint64_t turn_ = 0;
};

/// The same appends through our log, one request an event.
class our_log {
public:
  our_log(const fs::path& path, const std::vector<new_event>& pool)
    : pool_(pool) {
    auto opened = log::open_rocksdb_log({path.string(), true, log::system_now});
    if (!opened)
      stop(describe(opened.error()));
    log_ = std::move(*opened);
  }

  void append(std::size_t count) {
    std::vector<log::append_request> batch;
    batch.reserve(count);
    for (std::size_t i = 0; i < count; ++i, ++turn_)
      batch.push_back({stream_of_turn(turn_),
                       static_cast<sequence>(turn_ / streams),
                       {pool_[turn_ % pool_size]}});
    auto results = log_->append(batch, {}, by_);
    if (!results || results->back().failure)
      stop("an append failed");
  }

private:
  std::unique_ptr<log::event_log> log_;
  const std::vector<new_event>& pool_;
  log::origin by_{"run", "node"};
  std::uint64_t turn_ = 0;
};

/// Items a second of one slice; `work` does some and says how many.
double rate(seconds slice, const std::function<std::size_t()>& work) {
  using clock = std::chrono::steady_clock;
  const auto start = clock::now();
  std::size_t done = 0;
  seconds passed{};
  do {
    done += work();
    passed = clock::now() - start;
  } while (passed < slice);
  return static_cast<double>(done) / passed.count();
}

/// Alternates slices and prints the paired ratios.
void compare(const char* what, int rounds, seconds slice,
             const std::function<std::size_t()>& ours,
             const std::function<std::size_t()>& raw) {
  std::vector<double> ratios;
  double best_ours = 0;
  double best_raw = 0;
  for (int round = 0; round < rounds; ++round) {
    const auto base = rate(slice, raw);
    const auto mine = rate(slice, ours);
    ratios.push_back(mine / base);
    best_ours = std::max(best_ours, mine);
    best_raw = std::max(best_raw, base);
  }
  std::ranges::sort(ratios);
  const auto at = [&](std::size_t quarter) {
    return ratios[(ratios.size() - 1) * quarter / 4];
  };
  std::printf("%-34s ratio %.2f [%.2f..%.2f] best/best %.2f  (%.0f/s, raw "
              "%.0f/s)\n",
              what, at(2), at(1), at(3), best_ours / best_raw, best_ours,
              best_raw);
}

void compare_appends(const fs::path& folder, const std::vector<new_event>& pool,
                     int rounds, seconds slice) {
  for (const std::size_t size : {1U, 64U}) {
    const auto name = std::to_string(size);
    our_log ours{folder / ("ours" + name), pool};
    raw_log raw{folder / ("raw" + name), pool};
    const auto what = "durable append, batches of " + name;
    compare(
      what.c_str(), rounds, slice,
      [&] {
        ours.append(size);
        return size;
      },
      [&] {
        raw.append(size);
        return size;
      });
  }
}

/// The rows of our own log, read by RocksDB alone.
std::size_t raw_scan(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* log) {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  options.readahead_size = 2U << 20U;
  const std::unique_ptr<rocksdb::Iterator> it{db.NewIterator(options, log)};
  std::size_t rows = 0;
  std::size_t size = 0;
  for (it->SeekToFirst(); it->Valid(); it->Next(), ++rows)
    size += it->value().size();
  must(it->status());
  if (size == 0)
    stop("nothing to scan");
  return rows;
}

void compare_scans(const fs::path& folder, const std::vector<new_event>& pool,
                   int rounds, std::size_t events) {
  const auto path = (folder / "scanned").string();
  {
    our_log ours{path, pool};
    for (std::size_t done = 0; done < events; done += 512)
      ours.append(512);
  }
  {
    // Opening once more moves what is in the write-ahead log into tables.
    our_log again{path, pool};
  }
  rocksdb::DB* opened = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  must(rocksdb::DB::OpenForReadOnly(
    {}, path, {{"default", {}}, {"log", raw_options()}}, &handles, &opened));
  const std::unique_ptr<rocksdb::DB> db{opened};
  auto reader = log::open_rocksdb_reader(path);
  if (!reader)
    stop(describe(reader.error()));
  const auto scan = [&](const log::record_visitor& visitor) -> std::size_t {
    if (auto err = (*reader)->scan(1, visitor))
      stop(describe(err));
    return (*reader)->last();
  };
  const auto raw = [&] {
    return raw_scan(*db, handles[1]);
  };
  compare(
    "scan with chain verification", rounds, seconds{0},
    [&] { return scan([](const record&) { return true; }); }, raw);
  std::size_t titles = 0;
  compare(
    "scan, verify, decode every event", rounds, seconds{0},
    [&] {
      return scan([&](const record& at) {
        return !visit(at, [&]<class T>(const T& x) {
          if constexpr (std::is_same_v<T, scraped>)
            titles += x.title.size();
        });
      });
    },
    raw);
  for (auto* handle : handles)
    db->DestroyColumnFamilyHandle(handle);
}

} // namespace

/// log_bench [rounds] [seconds a slice] [events to scan]; in the folder it is
/// started in.
int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 9;
  const seconds slice{argc > 2 ? std::atof(argv[2]) : 0.5};
  const auto events
    = static_cast<std::size_t>(argc > 3 ? std::atoll(argv[3]) : 200'000);
  const fc::bench::work_folder folder;
  const auto pool = make_pool();
  compare_appends(folder.path, pool, rounds, slice);
  compare_scans(folder.path, pool, rounds, events);
  return 0;
}
