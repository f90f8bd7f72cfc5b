// How long judging a corpus again takes, beside a scan of the same log, and
// how much memory it needs.
#include "projections/what_if/what_if.hpp"
#include "tests/bench/work_folder.hpp"
#include "tests/support/corpus/corpus.hpp"

#include <CLI/CLI.hpp>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace {

using namespace fc;

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> took
    = std::chrono::steady_clock::now() - start;
  return took.count();
}

/// Of the whole process until now.
double peak_megabytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

template <class T>
T must(events::expected<T> x) {
  if (!x) {
    std::fprintf(stderr, "%s\n", events::describe(x.error()).c_str());
    std::exit(1);
  }
  return std::move(*x);
}

/// The shipped policy with a piece of its text exchanged.
events::policy::policy changed(const std::string& from, const std::string& to) {
  std::string text{events::policy::shipped_policy()};
  if (!from.empty())
    text.replace(text.find(from), from.size(), to);
  return must(events::policy::parse_policy(text, "changed policy"));
}

void measure(const events::log::log_reader& log, const std::string& name,
             const events::policy::policy& p) {
  events::position records = 0;
  const double scan = seconds_of([&] {
    if (auto err = log.scan(1, [&](const events::record&) {
          ++records;
          return true;
        }))
      std::fprintf(stderr, "%s\n", events::describe(err).c_str());
  });
  projections::what_if::report found;
  const double took
    = seconds_of([&] { found = must(projections::what_if::ask(log, p, {})); });
  std::printf("%-34s %6.1f s, %6.0f pull requests/s, %7.0f events/s, scan "
              "alone %5.1f s, ratio %.2f, peak %.0f MB, %llu changed, %llu "
              "without evidence\n",
              name.c_str(), took,
              static_cast<double>(found.pull_requests) / took,
              static_cast<double>(records) / took, scan, scan / took,
              peak_megabytes(), static_cast<unsigned long long>(found.changed),
              static_cast<unsigned long long>(found.without));
  std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
  std::string log_path;
  support::corpus_options options;
  options.events = 3'000'000;
  std::string rows;
  CLI::App app{"Judges a corpus again", "what_if_bench"};
  app.add_option("--log", log_path, "A log that is there; else one is made");
  app.add_option("--prs", options.pull_requests, "Pull requests of a new one")
    ->capture_default_str();
  app.add_option("--events", options.events, "Events of a new one, about")
    ->capture_default_str();
  app.add_option("--rows", rows, "Folder of prs/*.jsonl.zst for a new one");
  CLI11_PARSE(app, argc, argv);
  options.rows = rows;

  const bench::work_folder folder;
  if (log_path.empty()) {
    log_path = (folder.path / "log").string();
    auto log = must(events::log::open_rocksdb_log({.path = log_path}));
    must(support::write_corpus(*log, options));
  }
  const auto log = must(events::log::open_rocksdb_reader(log_path));
  measure(*log, "the same policy", changed("", ""));
  measure(*log, "gate.min_ratio 1.2",
          changed("min_ratio = 1.05", "min_ratio = 1.2"));
  measure(*log, "symbolic.strict", changed("strict = false", "strict = true"));
  measure(*log, "other rules of the judge",
          changed("easy_lines = 50", "easy_lines = 60"));
  measure(*log, "gate.method asv",
          changed("\n[gate]\n", "\n[gate]\nmethod = \"asv\"\n"));
  return EXIT_SUCCESS;
}
