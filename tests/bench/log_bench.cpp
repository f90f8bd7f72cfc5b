#include "events/log/event_log.hpp"
#include "events/pull_request_state.hpp"
#include "tests/bench/raw_log.hpp"
#include "tests/bench/work_folder.hpp"

#include <chrono>
#include <functional>

/// The log against RocksDB alone: durable appends of the same bytes, and scans
/// of the same files. Slices of both alternate, and only their ratio is
/// printed as a result: rates of a shared machine mean nothing by themselves.
namespace {

using namespace fc::events;
using namespace fc::bench;
namespace fs = std::filesystem;
using seconds = std::chrono::duration<double>;

constexpr std::size_t pool_size = 4096;

/// Events of about 1,300 bytes.
std::vector<new_event> make_pool() {
  std::vector<new_event> pool;
  unsigned state = 1;
  for (std::uint32_t i = 0; i < pool_size; ++i) {
    const auto dice = (state = state * 1664525U + 1013904223U) >> 8U;
    pool.push_back(event_with_text(i + 1, 200 + dice % 1500, state));
  }
  return pool;
}

/// Where an event goes: as many pull requests in motion as a run has awake, of
/// as many events as one of a real log has, for most end early.
struct stream_end {
  std::string stream;
  sequence before; ///< Of the stream.
};

constexpr std::uint64_t in_motion = 1000;
constexpr std::uint64_t events_each = 5;

stream_end stream_end_at(std::uint64_t turn) {
  const auto group = turn / (in_motion * events_each);
  const auto within = turn % (in_motion * events_each);
  return {"pr/owner/name#"
            + std::to_string(group * in_motion + within % in_motion + 1),
          static_cast<sequence>(within / in_motion)};
}

/// The same rows with nothing of ours.
class raw_appends {
public:
  raw_appends(const fs::path& path, const std::vector<new_event>& pool)
    : log_(path) {
    for (const auto& event : pool)
      entries_.push_back(entry_of(event, stream_end_at(0).stream));
  }

  void append(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i, ++turn_)
      log_.add(stream_end_at(turn_).stream, stream_end_at(turn_).before + 1,
               entries_[turn_ % pool_size]);
    log_.write();
  }

private:
  raw_log log_;
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
      batch.push_back({stream_end_at(turn_).stream,
                       stream_end_at(turn_).before,
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
  ratios paired;
  for (int round = 0; round < rounds; ++round) {
    const auto base = rate(slice, raw);
    paired.add(rate(slice, ours), base);
  }
  paired.print(what);
}

void compare_appends(const fs::path& folder, const std::vector<new_event>& pool,
                     int rounds, seconds slice) {
  for (const std::size_t size : {1U, 64U}) {
    const auto name = std::to_string(size);
    our_log ours{folder / ("ours" + name), pool};
    raw_appends raw{folder / ("raw" + name), pool};
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
    {}, path, {{"default", {}}, {"log", raw_log_options()}}, &handles,
    &opened));
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
  compare(
    "replay: the same, and fold", rounds, seconds{0},
    [&] {
      std::unordered_map<std::string, pull_request_state> states;
      return scan(
        [&](const record& at) { return !fold(states[at.stream], at); });
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
