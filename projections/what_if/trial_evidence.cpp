#include "projections/what_if/trial_evidence.hpp"

#include "events/policy/gate.hpp"

#include <algorithm>

namespace fc::projections::what_if {

using events::policy::trial_plan;

namespace {

/// A setting that makes other samples, where it differs.
std::optional<std::string>
other_samples(const trial_plan& run, const trial_plan& wanted) {
  const auto differs = [](const std::string& what) {
    return std::optional{"the trial was run with another trial." + what};
  };
  if (run.sample_ms != wanted.sample_ms)
    return differs("sample_ms");
  if (run.samples != wanted.samples)
    return differs("samples");
  if (run.warmup_ms != wanted.warmup_ms)
    return differs("warmup_ms");
  if (run.clock != wanted.clock)
    return differs("clock");
  if (run.statistic != wanted.statistic)
    return differs("statistic");
  for (const auto& kind : wanted.kinds)
    if (std::ranges::find(run.kinds, kind) == run.kinds.end())
      return differs("kinds");
  return std::nullopt;
}

std::string
more(const std::string& what, std::uint32_t wanted, std::uint32_t taken) {
  return "trial." + what + " asks for " + std::to_string(wanted) + ", "
         + std::to_string(taken) + " were taken";
}

} // namespace

std::optional<std::string>
lacking_pairs(const events::trialled& x, const trial_plan* run,
              const events::policy::policy& p) {
  const auto& wanted = p.trial;
  if (run != nullptr) {
    if (auto why = other_samples(*run, wanted))
      return why;
    if (wanted.screen_pairs > run->screen_pairs)
      return more("screen_pairs", wanted.screen_pairs, run->screen_pairs);
  }
  if (p.gate.method != "paired")
    return std::nullopt;
  const auto which
    = events::policy::screen(x.benchmarks, p.gate, wanted.max_candidates);
  if (which.empty())
    return std::nullopt;
  if (run != nullptr && wanted.confirm_pairs > run->confirm_pairs)
    return more("confirm_pairs", wanted.confirm_pairs, run->confirm_pairs);
  if (run != nullptr && wanted.aa_pairs > run->aa_pairs)
    return more("aa_pairs", wanted.aa_pairs, run->aa_pairs);
  for (const auto i : which) {
    const auto& b = x.benchmarks[i];
    if (b.confirm_base.empty() && b.left_out.empty() && !x.budget_spent)
      return b.name + " is a candidate now and has no fresh pairs";
  }
  return std::nullopt;
}

} // namespace fc::projections::what_if
