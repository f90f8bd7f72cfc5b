#pragma once

#include "actors/verify/bench_harness.hpp"

#include <array>
#include <functional>
#include <string>
#include <vector>

namespace fc::actors {

/// What a trial needs to know of a built pull request.
struct trial_subject {
  std::filesystem::path base_source;
  std::filesystem::path head_source;
  std::array<bench_side, 3> sides; ///< base, head, twin.
  std::vector<std::string> changed_files;
  /// Import names of extension modules whose built files differ.
  std::vector<std::string> changed_extensions;
};

/// Seconds from any fixed point; budgets are measured with it.
using seconds_clock = std::function<double()>;

/// Runs the paired trials of one pull request: survey, screen, confirm, and
/// base against base. Decides nothing but what to time next, and that by the
/// policy's pure functions.
class trial {
public:
  trial(bench_harness& harness, trial_subject subject,
        const events::policy::policy& policy, seconds_clock now);

  /// @returns the raw evidence; environment and machine are left to the caller.
  events::expected<events::trialled> run();

  /// Every answer of the harness, one JSON document a line.
  const std::string& report() const noexcept {
    return report_;
  }
  double cpu_seconds() const noexcept {
    return cpu_seconds_;
  }

private:
  struct subject_benchmark {
    bench_key key;
    std::uint64_t base_number = 1;
    std::uint64_t head_number = 1;
    /// What the survey makes expect of a second of screening: above 0 for
    /// faster, below for slower.
    double promise = 0;
    double timeout = 0; ///< Seconds that its calls may take; 0: the plan's.
    bool has_cache = true;
  };

  events::error survey(const change_targets& what);
  void merge(const survey_report& base, const survey_report& head);
  /// One benchmark as both sides list it; null where a side does not.
  void add(const survey_entry* base, const survey_entry* head);
  void count_suite(const survey_report& base, const survey_report& head);
  /// Makes the caches of all sides before the first process is timed, so that
  /// none of them pays for it, and a twin that cannot is known.
  events::error prepare(const std::vector<std::size_t>& which);
  std::vector<std::size_t> screening_order() const;
  events::error screen(const std::vector<std::size_t>& order);
  events::error confirm();
  /// Appends pairs of fresh processes, A-B-B-A.
  events::error time_pairs(std::size_t which, const bench_side& partner,
                           std::uint32_t pairs, std::string_view phase);
  /// @param seed The same for both processes of a pair: sets and the like then
  /// have one order in it.
  events::expected<timing>
  time_one(std::size_t which, const bench_side& side, std::string_view phase,
           std::uint32_t pair, std::uint32_t seed);

  const bench_side& base() const {
    return subject_.sides[0];
  }
  const bench_side& head() const {
    return subject_.sides[1];
  }
  const bench_side& twin() const {
    return subject_.sides[2];
  }

  bench_harness& harness_;
  trial_subject subject_;
  const events::policy::policy& policy_;
  seconds_clock now_;
  events::trialled evidence_;
  std::vector<subject_benchmark> keys_; ///< Parallel to the evidence's list.
  std::string report_;
  double cpu_seconds_ = 0;
  std::uint32_t pairs_ = 0; ///< Timed so far; each has its own hash seed.
};

} // namespace fc::actors
