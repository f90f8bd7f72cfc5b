#pragma once

#include "events/ids.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fc::events::policy {

/// Which repositories are read at all. A policy that says nothing of them
/// excludes none; what is not known of a repository excludes it neither.
struct repository_rules {
  std::uint32_t min_stars = 0;
  bool forks = true;    ///< Admitted.
  bool archived = true; ///< Admitted.
  /// Pushed to within so many days before the window's end; 0: no matter when.
  std::uint32_t active_within_days = 0;
  /// "3.8": excluded where every version from it on is; empty: no such rule.
  std::string min_python;
  /// `owner` or `owner/name`, case ignored.
  std::vector<std::string> never;
};

/// Rules on title, files and diff size; whole words, case ignored.
struct symbolic_rules {
  /// A title passes with a positive term or without a negative one; when
  /// `strict`, only with a positive and without a negative one.
  bool strict = false;
  std::vector<std::string> positive;
  std::vector<std::string> negative;
  std::uint32_t max_files = 0; ///< Rejected at or above.
  std::uint64_t max_lines = 0; ///< Added and deleted, rejected at or above.
  std::vector<std::string> non_core_folders;  ///< Exact path components.
  std::vector<std::string> non_core_suffixes; ///< E.g. ".md".
  std::uint64_t min_tokens = 0;
  std::uint64_t max_tokens = 0;
  double bytes_per_token = 4;
};

/// The judge that needs no model: leans to yes, hard no-list first.
struct judge_rules {
  std::vector<std::string> no_titles; ///< Terms that mean no, whatever else.
  std::vector<std::string> no_paths;  ///< Suffixes or components of no code.
  /// Category to the terms that speak for it, in order of preference.
  std::vector<std::pair<std::string, std::vector<std::string>>> categories;
  std::uint32_t easy_lines = 0;   ///< Fewer changed lines: easy.
  std::uint32_t medium_lines = 0; ///< Fewer: medium, otherwise hard.
  /// Prompts by name, for models; part of the policy's digest.
  std::map<std::string, std::string> prompts;
};

/// How trials are run: decides what evidence there is.
struct trial_plan {
  double sample_ms = 0;      ///< Aim for one sample of calibrated loops.
  std::uint32_t samples = 0; ///< A process, first call not counted.
  double warmup_ms = 0;
  std::uint32_t screen_pairs = 0;
  std::uint32_t confirm_pairs = 0;
  std::uint32_t aa_pairs = 0; ///< Base against base built again.
  double benchmark_timeout_s = 0;
  /// Of a benchmark or setup_cache with a timeout of its own; 0: none may be
  /// longer than `benchmark_timeout_s` (where a policy says nothing).
  double max_benchmark_timeout_s = 0;
  double survey_budget_s = 0;       ///< A side.
  double screen_budget_s = 0;       ///< A pull request.
  double confirm_budget_s = 0;      ///< A pull request.
  std::uint32_t max_candidates = 0; ///< Confirmed at most, best first.
  double build_timeout_s = 0;
  std::uint64_t memory_mb = 0;
  std::uint32_t processes = 0;
  /// "wall" or "wall_less_wait": without the time spent waiting for a
  /// processor that other work had (run queue delay of the kernel).
  std::string clock;
  std::string statistic; ///< "minimum" or "median" of a process' samples.
  std::vector<std::string> kinds; ///< Benchmarks timed: "time", "timeraw".
};

/// The speedup gate; symbols as in docs/measurement.md.
struct gate_rules {
  /// What decides: "paired" (this project's gate, where a policy names none),
  /// or for comparison "largest_ratio" or "asv" (speedup/comparisons.hpp).
  std::string method = "paired";
  double screen_ratio = 0;     ///< Candidates have at least this median.
  double min_ratio = 0;        ///< Confirmed median and its interval at least.
  double alpha = 0;            ///< Level of the Benjamini-Hochberg procedure.
  double delta = 0;            ///< Smallest speedup that counts, a fraction.
  double floor_factor = 0;     ///< delta >= factor * spread of base/base.
  double geomean_low = 0;      ///< Lower bound over all screened at least.
  double confidence = 0;       ///< Of intervals, e.g. 0.95.
  double max_degenerate = 0;   ///< Share of unusable benchmarks at most.
  std::uint32_t min_pairs = 0; ///< Usable pairs of a candidate at least.
  double wear_off_factor = 0;  ///< Single call over loop at least...
  double wear_off_floor_s = 0; ///< ...and by this many seconds.
  /// Share of the saving that may reappear in the first call.
  double first_call_share = 0;
  /// Usable pairs of base against base built again that an accepted benchmark
  /// has at least; 0: no such rule (where a policy says nothing).
  std::uint32_t min_control_pairs = 0;
  /// Share by which the time that a process claims may contradict what was
  /// measured outside of it; 1: no such rule.
  double max_clock_gap = 1;
  /// Share of the suite that may stay unseen where nothing is found. Above it,
  /// and where time ran out, the pull request fails; 1: it is rejected.
  double max_unseen = 1;
};

/// How failures of one kind at one stage are repeated, apart from others.
struct cause_rule {
  std::string stage;
  std::string cause; ///< An error code.
  std::uint32_t attempts = 0;
  double backoff_s = 0; ///< Doubled each time, with jitter.
  double backoff_max_s = 0;
  /// After the last: "drop" the pull request as failed, or "defer" it: leave
  /// it open until the program is started again.
  std::string then;
};

/// How often a stage is tried and how long to wait before the next try.
struct retry_rules {
  std::map<std::string, std::uint32_t> attempts; ///< By stage name.
  std::uint32_t default_attempts = 0;
  double backoff_s = 0; ///< Doubled each time, with jitter.
  double backoff_max_s = 0;
  std::uint32_t same_fingerprint = 0; ///< Same failure this often ends it.
  std::vector<cause_rule> causes;     ///< Come before all of the above.

  /// The rule of its own that a failure has, or nullptr.
  const cause_rule*
  rule_of(std::string_view stage, std::string_view cause) const noexcept;
};

/// What must be there before a task becomes part of the dataset.
struct publish_rules {
  std::vector<std::string> environments; ///< Trials admitted from.
  bool require_problem = true;           ///< A rendered statement must exist.
};

/// Every threshold, term list, prompt and gate parameter. Adopted as an event;
/// verdicts carry its digest.
struct policy {
  std::string text;
  digest id; ///< SHA-256 of `text`.
  repository_rules repositories;
  symbolic_rules symbolic;
  judge_rules judge;
  trial_plan trial;
  gate_rules gate;
  retry_rules retry;
  publish_rules publish;
};

/// Reads a policy. Unknown keys, missing keys, wrong types and values out of
/// range are errors that name key and line; `origin` names the file in them.
expected<policy> parse_policy(std::string_view toml, std::string_view origin);

/// The policy that is used where the user names none.
std::string_view shipped_policy() noexcept;

} // namespace fc::events::policy
