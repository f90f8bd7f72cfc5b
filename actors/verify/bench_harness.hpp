#pragma once

#include "actors/services/sandbox/sandbox.hpp"
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

/// One side that can be timed: an environment with the package installed.
struct bench_side {
  std::string name;                  ///< "base", "head" or "twin".
  std::filesystem::path environment; ///< Seen inside as /fc/env.
  std::filesystem::path cache;       ///< For `setup_cache`; writable.
  bool patched = false;              ///< Whether the change is in it.
  std::string site; ///< Site folder below the environment, e.g. lib/….
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
  /// @param first Those that come before all others, whatever time is left.
  events::expected<survey_report>
  survey(const bench_side& side, const change_targets& what,
         const std::vector<std::string>& extensions,
         const std::vector<bench_key>& first);

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
