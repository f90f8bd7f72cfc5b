#pragma once

#include "events/error.hpp"
#include "events/measurement.hpp"
#include "events/policy/policy.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fc::actors {

/// A benchmark with one set of parameters, known by their texts: an index says
/// nothing where the suite lists them in another order in each process.
struct bench_key {
  std::string name;
  std::vector<std::string> params; ///< Empty: without parameters.

  auto operator<=>(const bench_key&) const = default;
};

/// What the survey saw of one benchmark on one side. Seconds a call.
struct survey_entry {
  bench_key key;
  std::string label; ///< Name with its parameters in brackets.
  std::string kind;  ///< "time", "timeraw", "mem", "peakmem", "track".
  std::string status;
  std::string error;
  std::string reach;
  std::vector<std::string> executed;
  double single = 0;
  double loop = 0;
  double worn = 0; ///< One call after many, on cold caches; 0: not taken.
  std::uint64_t number = 1; ///< Calls a sample.
  double seconds = 0;       ///< What looking at it took, setups and all.
  double timeout = 0;       ///< That counts for it; 0: not said.
  bool has_cache = true;    ///< Whether a `setup_cache` comes before it.
};

/// A module of the suite that could not be imported.
struct import_failure {
  std::string module;
  std::string error;
};

/// All benchmarks of one side, in the suite's order.
struct survey_report {
  std::vector<survey_entry> entries;
  std::vector<import_failure> import_errors;
  std::vector<std::string> ignored; ///< Attributes that are not honoured.
  std::uint32_t modules = 0;
  bool complete = true; ///< Ended before its deadline.
  std::string raw;      ///< The harness' own JSON.
  double cpu_seconds = 0;
};

/// One fresh process timing one benchmark.
struct timing {
  double value = 0; ///< Seconds a call by the policy's clock and statistic.
  double first = 0; ///< Seconds of the first call.
  std::string error;
  /// What the process claims that its timed regions took, less the waiting that
  /// the policy's clock leaves out, and what was measured outside.
  events::clock_totals clock;
  std::string raw;
  double cpu_seconds = 0;
};

/// What came of making caches.
struct preparation {
  std::vector<std::string> errors; ///< "name: why".
  std::string raw;
  double cpu_seconds = 0;
};

/// What a change touches, by side.
struct change_targets {
  std::string json; ///< The harness' own answer, given back to the survey.
  std::vector<std::string> functions;
  bool nothing = false; ///< No code and no file that a benchmark could reach.
};

/// Whether an answer is ours: the process that started with the token wrote it.
events::error check_token(const std::string& raw, const std::string& token);

/// Readers of the harness' JSON: an answer that is not shaped as agreed is
/// `ec::malformed`, never an exception.
events::expected<change_targets> read_targets(std::string raw);
events::expected<survey_report> read_survey(std::string raw);

events::expected<preparation> read_preparation(std::string raw);

/// An answer about another benchmark or other parameters than `which` is that
/// benchmark's error.
/// @param number Calls a sample, where the answer does not say.
events::expected<timing>
read_timing(std::string raw, const bench_key& which, std::uint64_t number,
            const events::policy::trial_plan& plan);

} // namespace fc::actors
