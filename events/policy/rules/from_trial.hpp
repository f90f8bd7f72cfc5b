#pragma once

#include "events/policy/rules/rule.hpp"

/// Rules of the speedup gate and of publication.
namespace fc::events::policy::rules {

inline constexpr rule accepted{
  "accepted", "A confirmed benchmark is faster and every guard held.",
  "Nothing."};
inline constexpr rule budget{
  "budget", "The time allowed ran out before enough was measured.",
  "Raise the budgets in `[trial]`."};
inline constexpr rule suite_unseen{
  "suite.unseen",
  "Nothing was found, and a part of the suite could not be looked at.",
  "Mend what keeps the suite from loading, or raise `gate.max_unseen`."};
inline constexpr rule benchmark_crashes{
  "benchmark.crashes", "The benchmark that matters crashes.",
  "Read the error in the audit; a crash in both sides may be a missing "
  "library."};
inline constexpr rule benchmark_errors{
  "benchmark.errors",
  "The benchmarks that matter fail, run too long or give no usable times.",
  "Read the error in the audit; raise `trial.benchmark_timeout_s` if it is "
  "one of time."};
inline constexpr rule no_benchmark{
  "no_benchmark", "No benchmark that can run reaches the changed code.",
  "Nothing: the suite does not measure the change."};
inline constexpr rule wears_off{
  "wears_off",
  "The gain appears only in repeated calls without a new setup, or returns in"
  " the first call.",
  "Nothing, or change `gate.wear_off_factor`, `gate.wear_off_floor_s` and "
  "`gate.first_call_share`."};
inline constexpr rule slower{
  "slower", "No benchmark is faster, and the change makes some slower.",
  "Nothing."};
inline constexpr rule no_candidate{
  "no_candidate",
  "No benchmark looks fast enough in the screen to be confirmed.",
  "Nothing, or lower `gate.screen_ratio`."};
inline constexpr rule few_pairs{
  "few_pairs", "A candidate has too few usable pairs to be tested.",
  "Raise `trial.confirm_pairs` or the budgets in `[trial]`."};
inline constexpr rule no_speedup{
  "no_speedup", "No candidate holds on fresh pairs.",
  "Nothing, or change `gate.min_ratio`, `gate.alpha` and `gate.delta`; "
  "`docs/measurement.md` says what that costs."};
inline constexpr rule guard_geomean{
  "guard.geomean",
  "A benchmark is faster, but a slowdown over all benchmarks is not ruled "
  "out.",
  "Nothing, or lower `gate.geomean_low`."};
inline constexpr rule guard_degenerate{
  "guard.degenerate",
  "Too many benchmarks that reach the change could not be timed on both "
  "sides.",
  "Read their errors in the audit, or raise `gate.max_degenerate`."};
inline constexpr rule guard_control{
  "guard.control",
  "Base against base built again was not measured often enough, so noise is "
  "unknown.",
  "Raise `trial.aa_pairs` or the budgets in `[trial]`."};
inline constexpr rule guard_clock{
  "guard.clock",
  "The times that processes claim contradict those measured outside of them.",
  "Look at the machine's load and at what the benchmark does to the clock; do"
  " not raise `gate.max_clock_gap` lightly."};
inline constexpr rule publish_facts{
  "publish.facts", "The facts of the pull request are missing from its stream.",
  "Check the log with `fcreplay --verify`."};
inline constexpr rule publish_speedup{
  "publish.speedup",
  "No trial was judged, or the speedup gate did not accept it.",
  "Read the verdict of the trial in the audit."};
inline constexpr rule publish_control{
  "publish.control",
  "A control run measures base against itself and is never published.",
  "Nothing."};
inline constexpr rule publish_environment{
  "publish.environment",
  "The policy does not admit trials from this environment.",
  "Add the environment to `publish.environments`."};
inline constexpr rule publish_problem{
  "publish.problem", "No problem statement was rendered.",
  "Run the stage again, or set `publish.require_problem` to false."};
inline constexpr rule publish_row{
  "publish.row", "The row of the dataset was not written.",
  "Look at the failures of the stage; then run again."};

/// A guard that does not hold decides by the rule of this prefix and its name.
inline constexpr std::string_view guard_prefix = "guard.";

/// In the order of the pipeline.
inline constexpr const rule* from_trial[]{
  &accepted,         &budget,          &suite_unseen,        &benchmark_crashes,
  &benchmark_errors, &no_benchmark,    &wears_off,           &slower,
  &no_candidate,     &few_pairs,       &no_speedup,          &guard_geomean,
  &guard_degenerate, &guard_control,   &guard_clock,         &publish_facts,
  &publish_speedup,  &publish_control, &publish_environment, &publish_problem,
  &publish_row};

} // namespace fc::events::policy::rules
