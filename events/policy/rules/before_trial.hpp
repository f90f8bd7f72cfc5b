#pragma once

#include "events/policy/rules/rule.hpp"

/// Rules that decide before anything is measured.
namespace fc::events::policy::rules {

inline constexpr rule title{
  "title",
  "The title has a term that speaks against performance work and none that "
  "speaks for it; a strict policy also asks for a positive term and refuses "
  "both together.",
  "Change `symbolic.positive`, `symbolic.negative` or `symbolic.strict`, and "
  "see with `--what-if` what that moves."};
inline constexpr rule files_count{"files.count",
                                  "The pull request changes too many files.",
                                  "Raise `symbolic.max_files`."};
inline constexpr rule files_incomplete{
  "files.incomplete",
  "The source lists fewer files than it says were changed, so nothing is "
  "decided from the list.",
  "Nothing, or read the pull request from a clone, which lists all files."};
inline constexpr rule files_lines{
  "files.lines", "The pull request adds or deletes too many lines.",
  "Raise `symbolic.max_lines`."};
inline constexpr rule files_no_core{
  "files.no_core",
  "Every changed file is a test, documentation, a benchmark or CI.",
  "Shorten `symbolic.non_core_folders` or `symbolic.non_core_suffixes` if one"
  " of the files is product code."};
inline constexpr rule diff_too_small{
  "diff.too_small", "The diff is too small to hold a change of code.",
  "Lower `symbolic.min_tokens`."};
inline constexpr rule diff_too_large{
  "diff.too_large", "The diff is too large for a model to read.",
  "Raise `symbolic.max_tokens` if the model can read more."};
inline constexpr rule missing_objects{
  "missing_objects", "The repository lacks git objects of the pull request.",
  "Fetch the objects and discover into a new log."};
inline constexpr rule unreadable{
  "unreadable",
  "The pull request cannot be read from git: its commits have no usable form.",
  "Nothing: the explanation says what is unusual about it."};
inline constexpr rule no_suite{
  "no_suite",
  "There is no usable ASV benchmark suite, in the repository or at the merge "
  "commit.",
  "Nothing, unless the explanation names a setting that can be put right; a "
  "suite that appears later is found by the next run."};
inline constexpr rule judge{
  "judge", "The judge says that the change is no performance work.",
  "Read its answer in the audit; change `[judge]` or the prompts and see with"
  " `--what-if` what that moves."};
inline constexpr rule attempts_exhausted{
  "attempts exhausted", "A stage failed as often as the policy allows.",
  "Mend the cause that the explanation names; then raise `retry.attempts` or "
  "`retry.same_fingerprint` to try again."};
inline constexpr rule known_dead_end{
  "known dead end",
  "The stage was not tried: with the same requirements it failed before, for "
  "other pull requests.",
  "Mend the cause, such as a missing package; then raise "
  "`retry.same_fingerprint` to try again."};
inline constexpr rule no_package{
  "no_package", "The merge commit has no folder that builds a Python package.",
  "Nothing."};
inline constexpr rule build_base{
  "build.base",
  "Base does not build here, so nothing can be said about the change.",
  "Install what the error says is missing, or give the build more time or "
  "memory in `[trial]`."};
inline constexpr rule build_patched{
  "build.patched", "Base builds and the patched side does not.",
  "Nothing: the change itself does not build; the log of the build is in the "
  "audit."};
inline constexpr rule not_measurable{
  "not_measurable",
  "Compiled sources changed and both sides built identical artefacts, so "
  "there is nothing to measure.",
  "Nothing; check the recipe of the build if the change should have been "
  "compiled."};

/// In the order of the pipeline.
inline constexpr const rule* before_trial[]{
  &title,          &files_count,     &files_incomplete,
  &files_lines,    &files_no_core,   &diff_too_small,
  &diff_too_large, &missing_objects, &unreadable,
  &no_suite,       &judge,           &attempts_exhausted,
  &known_dead_end, &no_package,      &build_base,
  &build_patched,  &not_measurable};

} // namespace fc::events::policy::rules
