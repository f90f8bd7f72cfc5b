#pragma once

#include "events/policy/policy.hpp"
#include "events/pull_request_state.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

/// Hand-made evidence for the rules; each sample passes, tests spoil one thing.
namespace fc::events::policy::samples {

/// The shipped policy; fails the test where it cannot be read.
inline const policy& shipped() {
  static const auto parsed = parse_policy(shipped_policy(), "default.toml");
  if (!parsed)
    ADD_FAILURE() << describe(parsed.error());
  return *parsed;
}

inline repo_name repo(const std::string& text = "fc-data/sample") {
  return *repo_name::parse(text);
}

inline digest digest_like(const std::string& text) {
  return sha256(as_bytes(text));
}

/// One file of the package, ten lines, a diff of 400 bytes.
inline scraped
ok_pull_request(const std::string& title = "Speed up unique_points") {
  scraped x;
  x.repo = repo();
  x.number = 5;
  x.title = title;
  x.merged_at = *parse_time("2024-01-09T14:20:11Z");
  x.files = {{"src/tinygeo/points.py", 6, 4}};
  x.changed_files = 1;
  x.additions = 6;
  x.deletions = 4;
  x.diff = {digest_like("diff"), 400};
  return x;
}

/// A diff of one file with one hunk; `lines` have their marks.
inline std::string
diff_of(const std::string& path, const std::vector<std::string>& lines,
        int start = 10) {
  int before = 0;
  int after = 0;
  std::string body;
  for (const auto& line : lines) {
    before += line.front() != '+' ? 1 : 0;
    after += line.front() != '-' ? 1 : 0;
    body += line + "\n";
  }
  const auto at = std::to_string(start) + ",";
  return "diff --git a/" + path + " b/" + path + "\nindex 1..2 100644\n--- a/"
         + path + "\n+++ b/" + path + "\n@@ -" + at + std::to_string(before)
         + " +" + at + std::to_string(after) + " @@ def f(x):\n" + body;
}

/// Times of both sides with noise of `spread` each (a fraction).
inline void
fill(std::vector<double>& base, std::vector<double>& head, std::size_t pairs,
     double base_time, double ratio, double spread, std::mt19937_64& random) {
  std::normal_distribution<double> noise{0, spread};
  for (std::size_t i = 0; i < pairs; ++i) {
    base.push_back(base_time * std::exp(noise(random)));
    head.push_back(base_time / ratio * std::exp(noise(random)));
  }
}

/// A benchmark that reaches the change, is `ratio` times faster, and has a full
/// set of pairs; first calls cost 50 microseconds more on either side.
inline benchmark_trial
timed(const std::string& name, double ratio, double spread = 0.01,
      unsigned seed = 1, double base_time = 1e-3) {
  std::mt19937_64 random{seed};
  benchmark_trial x;
  x.name = name;
  x.status = "ok";
  x.reach = "function";
  x.executed = {"f"};
  x.base_loop = x.base_single = base_time;
  x.head_loop = x.head_single = base_time / ratio;
  fill(x.screen_base, x.screen_head, 4, base_time, ratio, spread, random);
  fill(x.confirm_base, x.confirm_head, 16, base_time, ratio, spread, random);
  fill(x.aa_base, x.aa_twin, 8, base_time, 1, spread, random);
  for (const auto& [times, firsts] :
       {std::pair{&x.confirm_base, &x.first_base},
        std::pair{&x.confirm_head, &x.first_head}})
    for (const double time : *times)
      firsts->push_back(time + 50e-6);
  return x;
}

/// A benchmark that ended otherwise.
inline benchmark_trial
ended(const std::string& name, const std::string& status,
      const std::string& error = "", const std::string& reach = "function") {
  benchmark_trial x;
  x.name = name;
  x.status = status;
  x.error = error;
  x.reach = reach;
  return x;
}

inline trialled trial_of(std::vector<benchmark_trial> benchmarks) {
  trialled x;
  x.environment = "local-sandbox";
  x.listed = static_cast<std::uint32_t>(benchmarks.size());
  x.impacted = x.listed;
  x.benchmarks = std::move(benchmarks);
  x.changed_functions = {"tinygeo.points.unique_points"};
  return x;
}

} // namespace fc::events::policy::samples
