#include "actors/core/log_writer.hpp"
#include "actors/pipeline.hpp"
#include "events/log/plan.hpp"
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

/// Our log, and where each committed batch ended.
class noted_log : public events::log::event_log {
public:
  explicit noted_log(std::unique_ptr<events::log::event_log> log)
    : log_(std::move(log)) {}

  std::vector<events::position> ends;

  events::expected<events::log::append_plan_ptr>
  plan(const events::log::append_batch& batch,
       const events::log::origin& by) override {
    return log_->plan(batch, by);
  }
  events::error
  commit(std::span<const events::log::append_plan_ptr> plans) override {
    ends.push_back(plans.back()->last);
    return log_->commit(plans);
  }
  events::position last() const override {
    return log_->last();
  }
  events::error scan(events::position from,
                     const events::log::record_visitor& visit) const override {
    return log_->scan(from, visit);
  }
  events::expected<std::vector<events::record>>
  read_stream(std::string_view stream) const override {
    return log_->read_stream(stream);
  }
  events::expected<events::sequence>
  stream_version(std::string_view stream) const override {
    return log_->stream_version(stream);
  }
  events::expected<std::vector<events::stream_name>>
  streams(std::string_view prefix, std::string_view after,
          std::size_t limit) const override {
    return log_->streams(prefix, after, limit);
  }
  events::error
  visit_streams(std::string_view prefix, events::position until,
                const events::log::stream_visitor& visit) const override {
    return log_->visit_streams(prefix, until, visit);
  }
  events::expected<events::bytes>
  blob_of(const events::digest& id) const override {
    return log_->blob_of(id);
  }

private:
  std::unique_ptr<events::log::event_log> log_;
};

/// What the appending actors share.
struct appends {
  log_port to;
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
    append_order order;
    order.requests.push_back({stream, seq, {std::move(event)}});
    // Always room: there are fewer of them than it holds.
    auto permit = shared->to.limiter->acquire(std::move(order), {});
    self
      ->request(shared->to.writer, std::chrono::minutes{2}, append_atom::value,
                std::move(permit))
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
    log_port{system.spawn<caf::detached>(
               log_writer, log, events::log::origin{"run", "node"},
               system.spawn<caf::detached>(log_committer, log)),
             std::make_shared<append_limiter>()},
    pool);
  std::vector<events::sequence> at;
  for (std::size_t i = 0; i < actors; ++i)
    at.push_back(*log->stream_version("pr/owner/name#" + std::to_string(i)));
  caf::scoped_actor waiter{system};
  slice done{log->last(), 0};
  const auto start = clock_type::now();
  std::vector<caf::actor> all;
  for (std::size_t i = 0; i < actors; ++i)
    all.push_back(system.spawn([&, i](caf::stateful_actor<appender>* self) {
      self->state = {self, shared, "pr/owner/name#" + std::to_string(i), at[i],
                     i * pool_size / actors};
      self->state.append();
    }));
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  shared->enough = true;
  waiter->wait_for(std::move(all));
  done.seconds = seconds_since(start);
  caf::anon_send_exit(shared->to.writer, caf::exit_reason::user_shutdown);
  return done;
}

/// A record as RocksDB alone will write it.
struct row {
  events::stream_name stream;
  events::sequence seq;
  std::size_t entry;
};

/// The records after a position, in the batches that were committed.
std::vector<std::vector<row>>
batches_after(const noted_log& log, events::position last) {
  std::vector<std::vector<row>> batches;
  auto end = std::ranges::upper_bound(log.ends, last);
  std::size_t turn = 0;
  const auto err = log.scan(last + 1, [&](const events::record& at) {
    if (batches.empty() || at.at > *end) {
      end += batches.empty() ? 0 : 1;
      batches.emplace_back();
    }
    batches.back().push_back({at.stream, at.seq, turn++ % pool_size});
    return true;
  });
  if (err)
    stop(events::describe(err));
  return batches;
}

double
write_raw(bench::raw_log& raw, const std::vector<std::vector<row>>& batches,
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
  const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 31;
  const double seconds = argc > 2 ? std::atof(argv[2]) : 0.25;
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
  const auto log = std::make_shared<noted_log>(std::move(*opened));
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
