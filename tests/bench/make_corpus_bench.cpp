// Writes a corpus log of a fixed seed to a folder, for other benchmarks and
// for trying commands on a log of real size.
#include "events/error.hpp"
#include "projections/parquet/row.hpp"
#include "tests/support/corpus/corpus.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace fc;

/// The digest that publication stores, from what is already in memory.
support::row_function row_digests(const events::policy::policy& p) {
  return [&p](const events::pull_request_state& x, std::string_view diff,
              std::string_view statement) {
    projections::parquet::row_sources from;
    from.policy = p.id;
    from.confidence = p.gate.confidence;
    from.blob
      = [&](const events::digest& id) -> events::expected<events::bytes> {
      const auto raw
        = events::as_bytes(id == x.facts->diff.id ? diff : statement);
      return events::bytes{raw.begin(), raw.end()};
    };
    const auto row = projections::parquet::make_row(x, from);
    return row ? projections::parquet::row_digest(*row) : events::digest{};
  };
}

int fail(const events::error& why) {
  std::fprintf(stderr, "make_corpus_bench: %s\n",
               events::describe(why).c_str());
  return EXIT_FAILURE;
}

} // namespace

int main(int argc, char** argv) {
  support::corpus_options options;
  std::string to;
  std::string rows;
  CLI::App app{"Writes a synthetic corpus log", "make_corpus_bench"};
  app.add_option("--to", to, "Folder of the new log")->required();
  app.add_option("--prs", options.pull_requests, "Pull requests")
    ->capture_default_str();
  app.add_option("--events", options.events, "Events, about; 0 for any number");
  app.add_option("--seed", options.seed, "Seed")->capture_default_str();
  app.add_option("--rows", rows, "Folder of prs/*.jsonl.zst");
  CLI11_PARSE(app, argc, argv);
  options.rows = rows;

  const auto policy = events::policy::parse_policy(
    events::policy::shipped_policy(), "the shipped policy");
  if (!policy)
    return fail(policy.error());
  options.row = row_digests(*policy);
  auto log = events::log::open_rocksdb_log({.path = to});
  if (!log)
    return fail(log.error());
  const auto start = std::chrono::steady_clock::now();
  const auto done = support::write_corpus(**log, options);
  if (!done)
    return fail(done.error());
  const std::chrono::duration<double> took
    = std::chrono::steady_clock::now() - start;
  std::printf("%zu pull requests of %zu repositories, %zu events in %.1f s: "
              "%zu passed, %zu judged performance work, %zu measured, %zu "
              "published, %zu failed\n",
              done->pull_requests, done->repositories, done->events,
              took.count(), done->passed, done->judged, done->measured,
              done->published, done->failed);
  return EXIT_SUCCESS;
}
