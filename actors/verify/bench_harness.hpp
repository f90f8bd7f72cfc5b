#pragma once

#include "actors/services/sandbox/sandbox.hpp"
#include "actors/services/sandbox/sandbox_files.hpp"
#include "actors/verify/bench_answers.hpp"
#include "events/measurement.hpp"
#include "events/policy/policy.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fc::actors {

/// One side that can be timed: an environment with the package installed, and
/// what its processes share for as long as a trial lasts.
struct bench_side {
  std::string name;                  ///< "base", "head" or "twin".
  std::filesystem::path environment; ///< Seen inside as /fc/env.
  std::filesystem::path cache;       ///< For `setup_cache`; writable.
  std::filesystem::path tree;        ///< Working tree, /fc/tree; writable.
  std::filesystem::path home;        ///< HOME, /fc/home; writable.
  bool patched = false;              ///< Whether the change is in it.
  std::string site; ///< Site folder below the environment, e.g. lib/….
};

/// The suite as its configuration has it; the same on all sides.
struct bench_suite {
  std::string folder;     ///< Benchmarks, below the working tree.
  std::string config_dir; ///< Of the configuration, below the working tree.
  double default_timeout_s = 0; ///< The configuration's own; 0: none.
  /// Values that begin with /fc/ are paths inside.
  std::map<std::string, std::string> variables;
};

/// Talks to the Python harness, one sandboxed process a request. The process it
/// starts runs on an interpreter that the tested environment cannot change, and
/// an answer counts only with a token that no tested code can have seen.
class bench_harness {
public:
  /// @param python The system's interpreter, for the harness itself.
  /// @param harness Folder that holds `fcbench`.
  /// @param cpu Processor to time on, -1 for any.
  bench_harness(services::sandbox& sandbox, std::filesystem::path python,
                std::filesystem::path harness, std::filesystem::path scratch,
                const events::policy::trial_plan& plan, int cpu,
                services::stop_flag stop);

  void set_suite(bench_suite suite);

  events::expected<change_targets>
  targets(const std::filesystem::path& base, const std::filesystem::path& head,
          const std::vector<std::string>& files, const bench_side& runner);

  /// Runs every benchmark once on a side and says what it reaches.
  /// @param first Those that come before all others, whatever time is left.
  events::expected<survey_report>
  survey(const bench_side& side, const change_targets& what,
         const std::vector<std::string>& extensions,
         const std::vector<bench_key>& first);

  /// Makes the caches of these benchmarks on a side, where they are not there.
  /// @param timeout_s Of all their caches together.
  events::expected<preparation>
  prepare(const bench_side& side, const std::vector<bench_key>& which,
          double timeout_s);

  /// Times one benchmark in one fresh process.
  /// @param timeout_s Of the benchmark's calls; 0: the plan's.
  /// @param seed For the interpreter's hash seed.
  events::expected<timing>
  time(const bench_side& side, const bench_key& which, std::uint64_t number,
       double timeout_s, std::uint32_t seed);

private:
  struct reply {
    std::string json;
    double cpu_seconds;
  };

  struct request {
    std::vector<std::string> arguments;
    std::map<std::string, std::string> files; ///< For /fc/out.
    std::vector<services::mount> mounts;
    double timeout_s = 0;
    std::uint32_t seed = 0;
    bool suite = true; ///< Whether the command is about the suite.
  };

  events::expected<reply> ask(const bench_side& side, request what);
  void put_environment(services::sandbox_spec& to, std::uint32_t seed) const;
  void put_suite(services::sandbox_spec& to, const bench_side& side) const;
  events::expected<services::sandbox_files>
  put_files(std::map<std::string, std::string> files) const;
  double max_timeout() const;

  services::sandbox& sandbox_;
  std::filesystem::path python_;
  std::filesystem::path harness_;
  std::filesystem::path scratch_;
  bench_suite suite_;
  const events::policy::trial_plan& plan_;
  int cpu_;
  services::stop_flag stop_;
};

} // namespace fc::actors
