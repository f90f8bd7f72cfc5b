#pragma once

#include "projections/what_if/rejudge.hpp"
#include "projections/what_if/streams.hpp"

#include <map>
#include <optional>
#include <vector>

namespace fc::projections::what_if {

/// Which pull requests, and how many of them are named.
struct question {
  std::optional<events::timestamp> since; ///< Merged then or later.
  std::optional<events::repo_name> repo;
  /// Changes, and pull requests without evidence, named at most; all count.
  std::size_t max = 20;
  /// That judge; 0: one for each processor. The answer does not depend on it.
  std::size_t threads = 0;
};

/// A pull request that stands otherwise.
struct change {
  events::pull_request_id id;
  std::string title;
  gate at = gate::symbolic; ///< The first gate with another standing.
  standing before = standing::open;
  standing after = standing::open;
  events::outcome outcome_before = events::outcome::open;
  events::outcome outcome_after = events::outcome::open;
  std::string rule_before, why_before;
  std::string rule_after, why_after;
};

/// A pull request that cannot be judged from what is recorded.
struct shortage {
  events::pull_request_id id;
  gate at = gate::symbolic;
  std::string what;
};

/// What the steps of a stage cost in this log, failures included.
struct stage_cost {
  std::uint64_t steps = 0; ///< That brought their evidence.
  std::uint64_t calls = 0;
  std::uint64_t tokens = 0;
  double usd = 0;
  double seconds = 0; ///< Wall clock.
};

/// Counts by standing before and after.
using matrix
  = std::array<std::array<std::uint64_t, standing_total>, standing_total>;

/// What another policy would have made of a log.
struct report {
  streams_read read;
  std::uint64_t pull_requests = 0; ///< That were asked for.
  std::array<matrix, gate_total> gates{};
  /// Stand otherwise at a gate, and not for lack of evidence.
  std::uint64_t changed = 0;
  /// Those that would end otherwise first.
  std::vector<change> changes;
  std::uint64_t withdrawn = 0;  ///< Published and would not be.
  std::uint64_t newly = 0;      ///< Would pass every gate now and are open.
  std::uint64_t superseded = 0; ///< Have a verdict that differs in any way.
  std::uint64_t without = 0;    ///< Lack evidence.
  std::vector<shortage> shortages;
  /// How many lack what; without the names of benchmarks.
  std::map<std::pair<gate, std::string>, std::uint64_t> lacking;
  /// Steps to be done at once, by stage; diffs to be fetched are apart.
  std::map<events::stage, std::uint64_t> wanted;
  std::uint64_t diffs_wanted = 0;
  std::map<events::stage, stage_cost> costs;
  /// Of those that reached a gate, how many passed it before.
  std::array<double, gate_total> pass_rates{};
};

/// What the log holds beside pull requests: policies, repositories. Refers to
/// the log for blobs.
events::expected<replay_context>
load_context(const events::log::log_reader& log);

/// Judges the log's pull requests again. Reads; appends nothing.
/// @param differs Told of each stream that lacks verdicts; may be null.
events::expected<report>
ask(const events::log::log_reader& log, const events::policy::policy& p,
    const question& what,
    const std::function<void(const events::stream_name&)>& differs = nullptr);

/// Steps of each stage that lacking evidence leads to: those wanted at once,
/// and behind them what passed the gates between as often as others did.
std::map<events::stage, double> expected_steps(const report& x);

} // namespace fc::projections::what_if
