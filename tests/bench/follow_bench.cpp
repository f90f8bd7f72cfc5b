// How long after its sync an event of a running log is visible in Postgres,
// with `fcreplay --project supabase --follow` beside a writer of 1,000 events a
// second. Starts a server of its own.
//   follow_bench [SECONDS] [EVENTS-A-SECOND]
#include "events/log/event_log.hpp"
#include "tests/bench/work_folder.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/samples.hpp"

#include <pqxx/pqxx>
#include <sys/mman.h>
#include <sys/wait.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <thread>

namespace {

using namespace fc;
using clock = std::chrono::steady_clock;
using std::chrono::duration;
using std::chrono::milliseconds;

constexpr std::size_t max_events = 1'000'000;

/// When each position was synced; shared between processes.
struct synced {
  std::atomic<std::uint64_t> last{0};
  std::atomic<std::int64_t> at[max_events];
};

std::int64_t now() {
  return clock::now().time_since_epoch().count();
}

/// Every tenth event opens a pull request, the others go to the newest ones, as
/// in a run; ten at a time, one sync each.
[[noreturn]] void write_log(const std::string& path, int rate, synced& out) {
  auto log = events::log::open_rocksdb_log({path});
  if (!log)
    ::_exit(1);
  std::uint32_t number = 0;
  std::vector<events::sequence> known;
  auto next = clock::now();
  const auto batch = std::max(1, rate / 100);
  for (;;) {
    next += std::chrono::microseconds{1'000'000LL * batch / rate};
    std::this_thread::sleep_until(next);
    std::vector<events::log::append_request> requests;
    for (int i = 0; i < batch; ++i) {
      auto id = samples::pull_request();
      events::log::append_request x;
      if (i == 0) {
        id.number = ++number;
        known.push_back(1);
        auto facts = samples::scraped();
        facts.number = id.number;
        facts.diff = {};
        x.expected = 0;
        x.events = {events::make_event(facts)};
      } else {
        const auto back = static_cast<std::uint32_t>(i);
        id.number = number > back ? number - back : 1;
        auto& seq = known[id.number - 1];
        x.expected = seq;
        auto failed = samples::attempt_failed();
        failed.log = {};
        failed.known.clear();
        x.events = {events::make_event(failed)};
        ++seq;
      }
      x.stream = events::stream_of(id);
      // Two of one stream in a batch would be in conflict.
      if (std::ranges::none_of(
            requests, [&](const auto& y) { return y.stream == x.stream; }))
        requests.push_back(std::move(x));
      else if (i > 0)
        --known[id.number - 1];
    }
    const auto done = (*log)->append(requests, {}, {"run", "node"});
    if (!done || (*log)->last() >= max_events)
      ::_exit(1);
    const auto time = now();
    for (auto i = out.last + 1; i <= (*log)->last(); ++i)
      out.at[i] = time;
    out.last = (*log)->last();
  }
}

pid_t follow(const std::string& program, const std::string& log,
             const std::string& address, const std::string& output) {
  const auto child = ::fork();
  if (child != 0)
    return child;
  ::setenv("SUPABASE_DB_URL", address.c_str(), 1);
  if (std::freopen(output.c_str(), "w", stderr) == nullptr)
    ::_exit(1);
  ::execl(program.c_str(), program.c_str(), "--log", log.c_str(), "--project",
          "supabase", "--follow", nullptr);
  ::_exit(127);
}

void end(pid_t child) {
  ::kill(child, SIGTERM);
  ::waitpid(child, nullptr, 0);
}

double milli(double x) {
  return x * 1000;
}

/// Looks at the database's checkpoint, which is written with the rows, until
/// time is up. @returns how long each event took, and the last one seen.
std::pair<std::vector<double>, std::uint64_t>
watch(const std::string& address, std::chrono::seconds time,
      const synced& events) {
  pqxx::connection reader{address};
  std::vector<double> delays;
  std::uint64_t seen = 0;
  for (const auto end = clock::now() + time; clock::now() < end;
       std::this_thread::sleep_for(milliseconds{1})) {
    try {
      pqxx::nontransaction tx{reader};
      const auto rows
        = tx.exec("select position from fc_data.projections limit 1");
      const auto at = rows.empty() ? 0 : rows[0][0].as<std::uint64_t>();
      const auto visible = now();
      for (auto i = seen + 1; seen > 0 && i <= at; ++i) {
        // Zero: seen before the writer came to noting it down.
        const auto begun = events.at[i].load();
        const clock::duration took{begun == 0 ? 0 : visible - begun};
        delays.push_back(duration<double>(took).count());
      }
      seen = at;
    } catch (const pqxx::undefined_table&) {
      // Not made yet.
    }
  }
  std::ranges::sort(delays);
  return {delays, seen};
}

void print(std::vector<double> delays, std::uint64_t behind,
           std::uint64_t written) {
  const auto at = [&](double share) {
    return milli(delays[static_cast<std::size_t>(
      share * static_cast<double>(delays.size() - 1))]);
  };
  std::printf("events synced         %10llu\n"
              "followed and timed    %10zu, behind at the end %llu\n"
              "synced to visible     median %.0f ms, 90 %% %.0f ms, 99 %% %.0f "
              "ms, most %.0f ms\n",
              static_cast<unsigned long long>(written), delays.size(),
              static_cast<unsigned long long>(behind), at(0.5), at(0.9),
              at(0.99), at(1));
}

} // namespace

int main(int argc, char** argv) {
  const std::chrono::seconds time{argc > 1 ? std::atoi(argv[1]) : 30};
  const auto rate = argc > 2 ? std::atoi(argv[2]) : 1000;
  const bench::work_folder work;
  const auto path = (work.path / "log").string();
  auto* const shared = static_cast<synced*>(
    ::mmap(nullptr, sizeof(synced), PROT_READ | PROT_WRITE,
           MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  const support::postgres_cluster server{"fsync = on\n"
                                         "full_page_writes = on\n"};
  const auto address = server.address("postgres");
  const auto writer = ::fork();
  if (writer == 0)
    write_log(path, rate, *shared);
  while (shared->last < 100)
    std::this_thread::sleep_for(milliseconds{10});
  const auto program
    = std::filesystem::read_symlink("/proc/self/exe").parent_path()
      / "fcreplay";
  const auto output = (work.path / "out").string();
  const auto follower = follow(program.string(), path, address, output);
  const auto [delays, seen] = watch(address, time, *shared);
  const auto written = shared->last.load();
  end(follower);
  end(writer);
  if (delays.empty())
    return 1;
  print(delays, written - seen, written);
  const auto printed = support::read_file(output);
  std::printf(
    "fcreplay's last line:\n%s",
    printed.substr(printed.rfind('\n', printed.size() - 2) + 1).c_str());
  return 0;
}
