#include "events/log/event_log.hpp"
#include "events/pull_request_state.hpp"
#include "tests/bench/work_folder.hpp"
#include "tests/support/samples.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

/// A log of many pull requests: how long it takes to start after a kill, what
/// each known one costs in memory, and what reading one of them takes beside
/// the same in a small log.
namespace {

using namespace fc::events;
namespace fs = std::filesystem;
using clock_type = std::chrono::steady_clock;

/// One stream's events; five of them, one a verdict that ends it.
constexpr std::size_t events_each = 5;
constexpr std::uint32_t streams_a_batch = 200;

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "scale_bench: %s\n", why.c_str());
  std::exit(1);
}

double seconds_since(clock_type::time_point start) {
  return std::chrono::duration<double>(clock_type::now() - start).count();
}

std::string stream_of_number(std::uint32_t n) {
  return "pr/owner-" + std::to_string(n % 200) + "/name#" + std::to_string(n);
}

std::vector<new_event> story_of(std::uint32_t n) {
  auto facts = fc::samples::scraped();
  facts.number = n;
  facts.title = "Speed up number " + std::to_string(n);
  facts.body.assign(300 + n % 400, static_cast<char>('a' + n % 26));
  return {make_event(facts), make_event(fc::samples::symbolic_passed()),
          make_event(fc::samples::answered()),
          make_event(fc::samples::classified()),
          make_event(fc::samples::dropped())};
}

void append_streams(log::event_log& to, std::uint32_t count) {
  for (std::uint32_t n = 1; n <= count;) {
    std::vector<log::append_request> batch;
    for (; n <= count && batch.size() < streams_a_batch; ++n)
      batch.push_back({stream_of_number(n), 0, story_of(n)});
    auto results = to.append(batch, {}, {"run", "node"});
    if (!results || results->back().failure)
      stop("an append failed");
  }
}

/// Writes a log and ends as by a kill: nothing is closed.
[[noreturn]] void write_and_die(const char* path, std::uint32_t count) {
  auto made = log::open_rocksdb_log({path});
  if (!made)
    stop(describe(made.error()));
  append_streams(**made, count);
  std::_Exit(0);
}

/// Does so in a program of its own: RocksDB's threads do not survive a fork.
double make_log(const fs::path& path, std::uint32_t count) {
  const auto start = clock_type::now();
  const auto child = ::fork();
  if (child == 0) {
    const auto number = std::to_string(count);
    ::execl("/proc/self/exe", "scale_bench", number.c_str(), path.c_str(),
            nullptr);
    std::_Exit(127);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || status != 0)
    stop("could not make the log");
  return seconds_since(start);
}

/// Memory of this process that no file backs. Bytes.
double own_memory() {
  std::ifstream in{"/proc/self/status"};
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("RssAnon:"))
      return std::atof(line.c_str() + 8) * 1024;
  stop("cannot read /proc/self/status");
}

/// Milliseconds to read and fold one of `count` streams: median and worst
/// hundredth of 2,000 at random.
std::pair<double, double>
read_one(const log::log_reader& log, std::uint32_t count) {
  std::vector<double> took;
  std::uint64_t dice = 88172645463325252U;
  for (int i = 0; i < 2000; ++i) {
    dice ^= dice << 13U;
    dice ^= dice >> 7U;
    dice ^= dice << 17U;
    const auto n = static_cast<std::uint32_t>(dice % count) + 1;
    const auto start = clock_type::now();
    auto records = log.read_stream(stream_of_number(n));
    if (!records || records->size() != events_each || !fold(*records))
      stop("cannot read a stream");
    took.push_back(seconds_since(start) * 1e3);
  }
  std::ranges::sort(took);
  return {took[took.size() / 2], took[took.size() * 99 / 100]};
}

void measure(const fs::path& path, std::uint32_t count) {
  const auto made = make_log(path, count);
  std::printf("%u pull requests, %zu events: written in %.1f s\n", count,
              count * events_each, made);
  const auto before = own_memory();
  auto start = clock_type::now();
  auto writer = log::open_rocksdb_log({path.string()});
  if (!writer)
    stop(describe(writer.error()));
  const auto first = seconds_since(start);
  std::printf("  start after a kill            %.2f s\n", first);
  writer->reset();
  start = clock_type::now();
  writer = log::open_rocksdb_log({path.string()});
  if (!writer)
    stop(describe(writer.error()));
  std::printf("  start after a clean end       %.2f s\n", seconds_since(start));
  std::printf("  memory, writer open           %.0f MB, %.0f bytes each\n",
              (own_memory() - before) / 1e6, (own_memory() - before) / count);
  const auto [median, worst] = read_one(**writer, count);
  std::printf("  read and fold one             %.3f ms median, %.3f ms for all "
              "but one in a hundred\n",
              median, worst);
}

} // namespace

/// scale_bench [pull requests]; in the folder it is started in.
int main(int argc, char** argv) {
  const auto count = static_cast<std::uint32_t>(
    argc > 1 ? std::max(1, std::atoi(argv[1])) : 1'000'000);
  if (argc > 2)
    write_and_die(argv[2], count);
  const fc::bench::work_folder folder;
  measure(folder.path / "small", 1000);
  measure(folder.path / "large", count);
  return 0;
}
