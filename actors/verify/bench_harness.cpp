#include "actors/verify/bench_harness.hpp"

#include "actors/services/sandbox/remove_tree.hpp"
#include "actors/services/sandbox/sandbox_files.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace fc::actors {

namespace {

namespace fs = std::filesystem;
using events::ec;
using events::expected;
using events::make_error;
using nlohmann::json;

constexpr std::string_view out_file = "/fc/out/result.json";

/// Start, import and setup of a process, on top of what it measures. Seconds.
constexpr double start_allowance = 120;

/// What the harness itself needs on top of a benchmark. The limit of one
/// benchmark is met first, so that it alone ends and not the whole survey.
constexpr std::uint64_t memory_allowance_mb = 1024;

/// Of one answer. What a suite prints is cut long before.
constexpr std::uint64_t longest_answer = 64u << 20;

/// An empty folder that the sandbox may write, and what is put there for it.
expected<services::sandbox_files>
prepare_out(const fs::path& out,
            const std::map<std::string, std::string>& files) {
  if (auto err = services::remove_tree(out))
    return err;
  std::error_code failed;
  fs::create_directories(out, failed);
  auto folder = services::sandbox_files::open(out);
  if (!folder)
    return folder;
  for (const auto& [name, text] : files)
    if (auto err = folder->write_new(name, text))
      return err;
  return folder;
}

/// What made a process fail, as one line.
std::string last_words(const services::process_result& result) {
  if (!result.limit.empty())
    return result.limit + " limit reached";
  if (result.timed_out)
    return "timed out after " + std::to_string(std::lround(result.wall_seconds))
           + " s";
  auto text = result.err;
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  const auto line = text.rfind('\n');
  return (line == std::string::npos ? text : text.substr(line + 1))
         + (result.signal != 0
              ? " (signal " + std::to_string(result.signal) + ")"
              : " (exit " + std::to_string(result.exit_code) + ")");
}

} // namespace

bench_harness::bench_harness(services::sandbox& box, fs::path harness,
                             fs::path scratch,
                             const events::policy::trial_plan& plan, int cpu,
                             services::stop_flag stop)
  : box_(box), harness_(std::move(harness)), scratch_(std::move(scratch)),
    plan_(plan), cpu_(cpu), stop_(std::move(stop)) {}

void bench_harness::set_suite(fs::path suite) {
  suite_ = std::move(suite);
}

expected<bench_harness::reply>
bench_harness::ask(const bench_side& side, std::vector<std::string> arguments,
                   const std::map<std::string, std::string>& files,
                   std::vector<services::mount> more, double timeout_s,
                   std::uint32_t seed) {
  std::error_code ignored;
  const auto out = scratch_ / "out";
  auto answers = prepare_out(out, files);
  if (!answers)
    return answers.error();
  fs::create_directories(side.cache, ignored);
  services::sandbox_spec spec;
  spec.mounts = std::move(more);
  spec.mounts.push_back({harness_, "/fc/harness", false});
  spec.mounts.push_back({side.environment, "/fc/env", false});
  spec.mounts.push_back({side.cache, "/fc/cache", true});
  spec.mounts.push_back({out, "/fc/out", true});
  if (!suite_.empty())
    spec.mounts.push_back(
      {suite_, "/fc/suite/" + suite_.filename().string(), false});
  const auto inside = [&](std::string_view path) {
    return box_.path_inside(spec.mounts, path);
  };
  auto& process = spec.process;
  process.argv = {inside("/fc/env/bin/python"), inside("/fc/harness/fcbench")};
  for (auto& each : arguments)
    process.argv.push_back(each.starts_with("/fc/") ? inside(each) : each);
  process.argv.insert(process.argv.end(), {"--out", inside(out_file)});
  process.directory = inside("/fc/out");
  process.env = {
    {"PATH", inside("/fc/env/bin") + ":/usr/bin:/bin"},
    {"HOME", "/tmp"},
    {"LC_ALL", "C.UTF-8"},
    {"PYTHONHASHSEED", std::to_string(seed)},
    // The folders with code are read-only; compiled once, not by each process.
    {"PYTHONPYCACHEPREFIX", inside("/fc/cache/bytecode")},
    {"OMP_NUM_THREADS", "1"},
    {"OPENBLAS_NUM_THREADS", "1"},
    {"MKL_NUM_THREADS", "1"},
    {"NUMBA_NUM_THREADS", "1"},
  };
  process.timeout_s = timeout_s;
  process.memory_mb
    = plan_.memory_mb > 0 ? plan_.memory_mb + memory_allowance_mb : 0;
  process.processes = plan_.processes;
  process.cpu = cpu_;
  auto result = box_.run(spec, stop_);
  if (!result)
    return result.error();
  if (result->stopped)
    return make_error(ec::cancelled, "the benchmark harness was stopped");
  auto text = answers->read("result.json", longest_answer);
  if (!text && events::code_of(text.error()) != ec::not_found)
    return text.error();
  if (!result->ok() || !text || text->empty())
    return make_error(result->timed_out ? ec::timeout : ec::refused,
                      "the benchmark harness failed on the " + side.name
                        + " side: " + last_words(*result));
  return reply{std::move(*text), result->cpu_seconds};
}

expected<change_targets>
bench_harness::targets(const fs::path& base, const fs::path& head,
                       const std::vector<std::string>& files,
                       const bench_side& runner) {
  auto answer = ask(
    runner,
    {"targets", "--base", "/fc/base", "--patched", "/fc/head", "--files",
     "/fc/out/files.json"},
    {{"files.json",
      json(files).dump(-1, ' ', false, json::error_handler_t::replace)}},
    {{base, "/fc/base", false}, {head, "/fc/head", false}}, start_allowance, 0);
  if (!answer)
    return answer.error();
  return read_targets(std::move(answer->json));
}

expected<survey_report>
bench_harness::survey(const bench_side& side, const change_targets& what,
                      const std::vector<std::string>& extensions,
                      const std::vector<bench_key>& first) {
  std::string names;
  for (const auto& each : extensions)
    names += (names.empty() ? "" : ",") + each;
  auto early = json::array();
  for (const auto& each : first)
    early.push_back({each.name, each.param});
  auto answer = ask(
    side,
    {"survey",
     "--suite",
     "/fc/suite/" + suite_.filename().string(),
     "--targets",
     "/fc/out/targets.json",
     "--side",
     side.patched ? "patched" : "base",
     "--site",
     "/fc/env/" + side.site,
     "--extensions",
     names,
     "--cache",
     "/fc/cache",
     "--timeout",
     std::to_string(plan_.benchmark_timeout_s),
     "--budget",
     std::to_string(plan_.survey_budget_s),
     "--sample-ms",
     std::to_string(plan_.sample_ms),
     "--memory-mb",
     std::to_string(plan_.memory_mb),
     "--first",
     "/fc/out/first.json",
     "--reached-only"},
    {{"targets.json", what.json}, {"first.json", early.dump()}}, {},
    plan_.survey_budget_s + plan_.benchmark_timeout_s + start_allowance, 0);
  if (!answer)
    return answer.error();
  auto report = read_survey(std::move(answer->json));
  if (report)
    report->cpu_seconds = answer->cpu_seconds;
  return report;
}

expected<timing>
bench_harness::time(const bench_side& side, const bench_key& which,
                    std::uint64_t number, std::uint32_t seed) {
  auto answer
    = ask(side,
          {"time", "--suite", "/fc/suite/" + suite_.filename().string(),
           "--benchmark", which.name, "--param", std::to_string(which.param),
           "--number", std::to_string(number), "--samples",
           std::to_string(plan_.samples), "--warmup-ms",
           std::to_string(plan_.warmup_ms), "--cache", "/fc/cache", "--timeout",
           std::to_string(plan_.benchmark_timeout_s)},
          {}, {}, plan_.benchmark_timeout_s + start_allowance, seed);
  if (!answer) {
    // A benchmark that hangs or dies is evidence; a stop or a sandbox that
    // cannot start is not.
    const auto code = events::code_of(answer.error());
    if (code == ec::cancelled || code == ec::unavailable)
      return answer.error();
    timing lost;
    lost.value = lost.first = std::nan("");
    lost.error = events::describe(answer.error());
    return lost;
  }
  auto result = read_timing(std::move(answer->json), number, plan_);
  if (result)
    result->cpu_seconds = answer->cpu_seconds;
  return result;
}

} // namespace fc::actors
