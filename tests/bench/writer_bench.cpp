#include "actors/core/log_writer.hpp"
#include "actors/pipeline.hpp"
#include "tests/bench/raw_log.hpp"
#include "tests/bench/work_folder.hpp"

#include "caf/actor_cast.hpp"
#include "caf/actor_system.hpp"
#include "caf/actor_system_config.hpp"
#include "caf/event_based_actor.hpp"
#include "caf/scoped_actor.hpp"
#include "caf/send.hpp"

#include <atomic>
#include <chrono>

/// Durable appends through the writer: many actors, each with a stream of its
/// own, append one event and the next one upon the reply. RocksDB alone then
/// writes the batches that the writer formed, as many rows of as many bytes,
/// and syncs each.
namespace {

using namespace fc;
using namespace fc::actors;
using bench::stop;
using clock_type = std::chrono::steady_clock;

constexpr std::size_t pool_size = 4096;
constexpr std::size_t payload_size = 1024;

double seconds_since(clock_type::time_point start) {
  return std::chrono::duration<double>(clock_type::now() - start).count();
}

/// Events with a payload of 1 KB, and what aligns it.
std::vector<events::new_event> make_pool() {
  std::vector<events::new_event> pool;
  unsigned state = 1;
  for (std::uint32_t i = 0; i < pool_size; ++i) {
    auto text = payload_size - 128;
    auto event = bench::event_with_text(i + 1, text, state);
    while (event.payload.size() < payload_size)
      event = bench::event_with_text(i + 1, ++text, state);
    pool.push_back(std::move(event));
  }
  return pool;
}

/// What the appending actors share.
struct appends {
  log_writer_actor writer;
  const std::vector<events::new_event>& pool;
  std::atomic<bool> enough{false};
};

/// Appends one event after the other until there are enough; then ends.
struct appender {
  void append() {
    if (shared->enough)
      return self->quit();
    auto event = shared->pool[turn++ % pool_size];
    event.id.value[0] = static_cast<std::uint8_t>(turn);
    auto order = std::make_shared<append_order>();
    order->requests.push_back({stream, seq, {std::move(event)}});
    self
      ->request(shared->writer, std::chrono::minutes{2}, append_atom::value,
                append_order_ptr{std::move(order)})
      .then(
        [this](const append_reply& reply) {
          if (reply.results.front().failure)
            stop(events::describe(reply.results.front().failure));
          seq = reply.results.front().now;
          append();
        },
        [](const caf::error& err) { stop(events::describe(err)); });
  }

  caf::event_based_actor* self = nullptr;
  std::shared_ptr<appends> shared;
  events::stream_name stream;
  events::sequence seq = 0;
  std::size_t turn = 0;
};

/// One slice of appends.
struct slice {
  events::position last = 0; ///< Of the log before it.
  double seconds = 0;
};

slice append_for(const std::shared_ptr<events::log::event_log>& log,
                 const std::vector<events::new_event>& pool, std::size_t actors,
                 double seconds) {
  struct configuration : caf::actor_system_config {
    configuration() {
      configure(*this);
    }
  };
  configuration config;
  caf::actor_system system{config};
  const auto shared = std::make_shared<appends>(
    system.spawn<caf::detached>(log_writer, log,
                                events::log::origin{"run", "node"}),
    pool);
  std::vector<events::sequence> at;
  for (std::size_t i = 0; i < actors; ++i)
    at.push_back(*log->stream_version("pr/owner/name#" + std::to_string(i)));
  caf::scoped_actor waiter{system};
  slice done{log->last(), 0};
  const auto start = clock_type::now();
  std::vector<caf::actor> all;
  for (std::size_t i = 0; i < actors; ++i)
    all.push_back(
      system.spawn([&, i](caf::stateful_actor<appender>* self) {
        self->state = {self, shared, "pr/owner/name#" + std::to_string(i),
                       at[i], i * pool_size / actors};
        self->state.append();
      }));
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  shared->enough = true;
  waiter->wait_for(std::move(all));
  done.seconds = seconds_since(start);
  caf::anon_send_exit(shared->writer, caf::exit_reason::user_shutdown);
  return done;
}

/// A record as RocksDB alone will write it.
struct row {
  events::stream_name stream;
  events::sequence seq;
  std::size_t entry;
};

/// The batches after a position: a batch has one time.
std::vector<std::vector<row>> batches_after(const events::log::event_log& log,
                                            events::position last) {
  std::vector<std::vector<row>> batches;
  events::timestamp time{};
  std::size_t turn = 0;
  const auto err = log.scan(last + 1, [&](const events::record& at) {
    if (batches.empty() || at.recorded_at != time)
      batches.emplace_back();
    time = at.recorded_at;
    batches.back().push_back({at.stream, at.seq, turn++ % pool_size});
    return true;
  });
  if (err)
    stop(events::describe(err));
  return batches;
}

double write_raw(bench::raw_log& raw,
                 const std::vector<std::vector<row>>& batches,
                 const std::vector<events::bytes>& entries) {
  const auto start = clock_type::now();
  for (const auto& batch : batches) {
    for (const auto& each : batch)
      raw.add(each.stream, each.seq, entries[each.entry]);
    raw.write();
  }
  return seconds_since(start);
}

} // namespace

/// writer_bench [rounds] [seconds a slice] [actors]; in the folder it is
/// started in.
int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 15;
  const double seconds = argc > 2 ? std::atof(argv[2]) : 0.5;
  const auto actors
    = static_cast<std::size_t>(argc > 3 ? std::max(1, std::atoi(argv[3])) : 64);
  const bench::work_folder folder;
  const auto pool = make_pool();
  std::vector<events::bytes> entries;
  for (const auto& event : pool)
    entries.push_back(bench::entry_of(event, "pr/owner/name#10"));
  auto opened = events::log::open_rocksdb_log({folder.path / "ours"});
  if (!opened)
    stop(events::describe(opened.error()));
  const std::shared_ptr<events::log::event_log> log{std::move(*opened)};
  bench::raw_log raw{folder.path / "raw"};
  bench::ratios paired;
  std::size_t written = 0;
  std::size_t batches = 0;
  for (int round = 0; round < rounds; ++round) {
    const auto ours = append_for(log, pool, actors, seconds);
    const auto count = static_cast<double>(log->last() - ours.last);
    const auto formed = batches_after(*log, ours.last);
    const auto base = write_raw(raw, formed, entries);
    paired.add(count / ours.seconds, count / base);
    written += log->last() - ours.last;
    batches += formed.size();
  }
  paired.print("durable appends of " + std::to_string(actors) + " actors");
  std::printf("events a batch: %.1f\n",
              static_cast<double>(written) / static_cast<double>(batches));
  return 0;
}
