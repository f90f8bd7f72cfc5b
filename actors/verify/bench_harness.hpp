#pragma once

#include "actors/services/sandbox/sandbox.hpp"
#include "events/measurement.hpp"
#include "events/policy/policy.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fc::actors {

/// One side that can be timed: an environment with the package installed.
struct bench_side {
  std::string name;                  ///< "base", "head" or "twin".
  std::filesystem::path environment; ///< Seen inside as /fc/env.
  std::filesystem::path cache;       ///< For `setup_cache`; writable.
  bool patched = false;              ///< Whether the change is in it.
  std::string site; ///< Site folder below the environment, e.g. lib/….
};

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
  std::uint64_t number = 1; ///< Calls a sample.
};

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
  std::vector<std::string> compiled;
};

/// Talks to the Python harness, one sandboxed process a request.
class bench_harness {
public:
  /// @param harness Folder that holds `fcbench`.
  /// @param cpu Processor to time on, -1 for any.
  bench_harness(services::sandbox& box, std::filesystem::path harness,
                std::filesystem::path scratch,
                const events::policy::trial_plan& plan, int cpu,
                services::stop_flag stop);

  /// The benchmark folder, seen inside as /fc/suite/<its name>.
  void set_suite(std::filesystem::path suite);

  events::expected<change_targets>
  targets(const std::filesystem::path& base, const std::filesystem::path& head,
          const std::vector<std::string>& files, const bench_side& runner);

  /// Runs every benchmark once on a side and says what it reaches.
  events::expected<survey_report>
  survey(const bench_side& side, const change_targets& what,
         const std::vector<std::string>& extensions);

  /// Times one benchmark in one fresh process.
  /// @param seed For the interpreter's hash seed.
  events::expected<timing> time(const bench_side& side, const bench_key& which,
                                std::uint64_t number, std::uint32_t seed);

private:
  struct reply {
    std::string json;
    double cpu_seconds;
  };

  events::expected<reply>
  ask(const bench_side& side, std::vector<std::string> arguments,
      const std::map<std::string, std::string>& files,
      std::vector<services::mount> more, double timeout_s, std::uint32_t seed);

  services::sandbox& box_;
  std::filesystem::path harness_;
  std::filesystem::path scratch_;
  std::filesystem::path suite_;
  const events::policy::trial_plan& plan_;
  int cpu_;
  services::stop_flag stop_;
};

} // namespace fc::actors
