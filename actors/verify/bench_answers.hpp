#pragma once

#include "events/error.hpp"
#include "events/policy/policy.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fc::actors {

/// A benchmark with one set of parameters.
struct bench_key {
  std::string name;
  int param = -1; ///< -1: without parameters.

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
};

/// All benchmarks of one side, in the suite's order.
struct survey_report {
  std::vector<survey_entry> entries;
  std::vector<std::string> import_errors;
  std::string raw; ///< The harness' own JSON.
  double cpu_seconds = 0;
};

/// One fresh process timing one benchmark.
struct timing {
  double value = 0; ///< Seconds a call by the policy's clock and statistic.
  double first = 0; ///< Seconds of the first call.
  std::string error;
  std::string raw;
  double cpu_seconds = 0;
};

/// What a change touches, by side.
struct change_targets {
  std::string json; ///< The harness' own answer, given back to the survey.
  std::vector<std::string> functions;
};

/// Readers of the harness' JSON: an answer that is not shaped as agreed is
/// `ec::malformed`, never an exception.
events::expected<change_targets> read_targets(std::string raw);
events::expected<survey_report> read_survey(std::string raw);

/// @param number Calls a sample, where the answer does not say.
events::expected<timing> read_timing(std::string raw, std::uint64_t number,
                                     const events::policy::trial_plan& plan);

} // namespace fc::actors
