#include "actors/verify/bench_harness.hpp"

#include "actors/services/sandbox/remove_tree.hpp"

#include <nlohmann/json.hpp>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace fc::actors {

namespace {

namespace fs = std::filesystem;
using events::ec;
using events::expected;
using events::make_error;
using nlohmann::json;

constexpr std::string_view out_file = "result.json";

/// Start, import and setup of a process, on top of what it measures. Seconds.
/// The harness gives up on an import after 120 s and on a start after 60 s.
constexpr double start_allowance = 240;

/// What the harness has to answer in after its own deadline. Seconds.
constexpr double answer_allowance = 30;

/// What the harness itself needs on top of a benchmark. The limit of one
/// benchmark is met first, so that it alone ends and not the whole survey.
constexpr std::uint64_t memory_allowance_mb = 1024;

/// Larger answers are refused: a survey takes about 2 KB a benchmark.
constexpr std::uint64_t max_answer = std::uint64_t{64} << 20;

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

/// What tells our answer from a forged one.
expected<std::string> new_token() {
  std::array<std::uint8_t, 32> raw{};
  if (::getrandom(raw.data(), raw.size(), 0)
      != static_cast<ssize_t>(raw.size()))
    return make_error(ec::unavailable, "the system gives no random bytes");
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const auto byte : raw) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

std::string to_json(const json& x) {
  return x.dump(-1, ' ', true, json::error_handler_t::replace);
}

json to_json_list(const std::vector<bench_key>& keys) {
  auto list = json::array();
  for (const auto& each : keys)
    list.push_back({each.name, each.params});
  return list;
}

std::string below(std::string root, const std::string& folder) {
  return folder.empty() || folder == "." ? root : root + "/" + folder;
}

} // namespace

bench_harness::bench_harness(services::sandbox& sandbox, fs::path python,
                             fs::path harness, fs::path scratch,
                             const events::policy::trial_plan& plan, int cpu,
                             services::stop_flag stop)
  : sandbox_(sandbox), python_(std::move(python)), harness_(std::move(harness)),
    scratch_(std::move(scratch)), plan_(plan), cpu_(cpu),
    stop_(std::move(stop)) {}

void bench_harness::set_suite(bench_suite suite) {
  suite_ = std::move(suite);
}

double bench_harness::max_timeout() const {
  return std::max(plan_.max_benchmark_timeout_s, plan_.benchmark_timeout_s);
}

void bench_harness::put_environment(services::sandbox_spec& to,
                                    std::uint32_t seed) const {
  const auto inside = [&](std::string_view path) {
    return sandbox_.path_inside(to.mounts, path);
  };
  auto& env = to.process.env;
  for (const auto& [name, value] : suite_.variables)
    env[name] = value.starts_with("/fc/") ? inside(value) : value;
  env["PATH"] = inside("/fc/env/bin") + ":/usr/bin:/bin";
  env["HOME"] = inside("/fc/home");
  env["PYTHONHASHSEED"] = std::to_string(seed);
  // Compiled once, not by each process, and never beside the sources.
  env["PYTHONPYCACHEPREFIX"] = inside("/fc/cache/bytecode");
  env.try_emplace("LC_ALL", "C.UTF-8");
  for (const auto* threads : {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS",
                              "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"})
    env.try_emplace(threads, "1");
}

/// A fresh folder with what the harness is to read.
expected<services::sandbox_files>
bench_harness::put_files(std::map<std::string, std::string> files) const {
  const auto out = scratch_ / "out";
  if (auto err = services::remove_tree(out))
    return err;
  std::error_code code;
  fs::create_directories(out, code);
  if (code)
    return make_error(ec::storage_failure, "cannot make the folder "
                                             + out.string() + ": "
                                             + code.message());
  auto folder = services::sandbox_files::open(out);
  if (!folder)
    return folder.error();
  for (const auto& [name, text] : files)
    if (auto err = folder->write_new(name, text))
      return err;
  return folder;
}

void bench_harness::put_suite(services::sandbox_spec& to,
                              const bench_side& side) const {
  const auto inside = [&](std::string_view path) {
    return sandbox_.path_inside(to.mounts, path);
  };
  const auto seconds = [](double x) {
    return std::to_string(x);
  };
  to.process.argv.insert(
    to.process.argv.end(),
    {"--suite", inside(below("/fc/tree", suite_.folder)), "--tree",
     inside("/fc/tree"), "--site", inside("/fc/env/" + side.site), "--cache",
     inside("/fc/cache"), "--timeout", seconds(plan_.benchmark_timeout_s),
     "--default-timeout", seconds(suite_.default_timeout_s), "--max-timeout",
     seconds(max_timeout()), "--memory-mb", std::to_string(plan_.memory_mb)});
  to.process.directory = inside(below("/fc/tree", suite_.config_dir));
}

expected<bench_harness::reply>
bench_harness::ask(const bench_side& side, request what) {
  auto token = new_token();
  if (!token)
    return token.error();
  what.files["token"] = *token;
  const auto out = put_files(std::move(what.files));
  if (!out)
    return out.error();
  services::sandbox_spec spec;
  spec.mounts = std::move(what.mounts);
  spec.mounts.push_back({harness_, "/fc/harness", false});
  spec.mounts.push_back({side.environment, "/fc/env", false});
  spec.mounts.push_back({side.cache, "/fc/cache", true});
  spec.mounts.push_back({side.tree, "/fc/tree", true});
  spec.mounts.push_back({side.home, "/fc/home", true});
  spec.mounts.push_back({out->path(), "/fc/out", true});
  const auto inside = [&](std::string_view path) {
    return sandbox_.path_inside(spec.mounts, path);
  };
  auto& process = spec.process;
  // Isolated and without site: no .pth file and no PYTHON… variable of the
  // tested environment runs anything in the process that answers.
  process.argv
    = {python_.string(), "-I", "-S", "-B", inside("/fc/harness/fcbench")};
  for (auto& each : what.arguments)
    process.argv.push_back(each.starts_with("/fc/") ? inside(each) : each);
  for (std::string_view each :
       {"--python", "/fc/env/bin/python", "--out", "/fc/out/result.json",
        "--token", "/fc/out/token"})
    process.argv.push_back(each.starts_with('/') ? inside(each)
                                                 : std::string{each});
  process.directory = inside("/fc/tree");
  if (what.suite)
    put_suite(spec, side);
  put_environment(spec, what.seed);
  process.timeout_s = what.timeout_s;
  process.memory_mb
    = plan_.memory_mb > 0 ? plan_.memory_mb + memory_allowance_mb : 0;
  process.processes = plan_.processes;
  process.cpu = cpu_;
  auto result = sandbox_.run(spec, stop_);
  if (!result)
    return result.error();
  if (result->stopped)
    return make_error(ec::cancelled, "the benchmark harness was stopped");
  const auto failed = [&](const std::string& why, ec code = ec::refused) {
    return make_error(code, "the benchmark harness failed on the " + side.name
                              + " side: " + why);
  };
  if (!result->ok())
    return failed(last_words(*result),
                  result->timed_out ? ec::timeout : ec::refused);
  auto text = out->read(out_file, max_answer);
  if (!text)
    return failed(events::describe(text.error()));
  if (auto err = check_token(*text, *token))
    return failed(events::describe(err));
  return reply{std::move(*text), result->cpu_seconds};
}

expected<change_targets>
bench_harness::targets(const fs::path& base, const fs::path& head,
                       const std::vector<std::string>& files,
                       const bench_side& runner) {
  auto answer
    = ask(runner, {{"targets", "--base", "/fc/base", "--patched", "/fc/head",
                    "--files", "/fc/out/files.json"},
                   {{"files.json", to_json(json(files))}},
                   {{base, "/fc/base", false}, {head, "/fc/head", false}},
                   start_allowance,
                   0,
                   false});
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
  // No benchmark begins when the budget is used up; one that did has as much
  // again, and what was seen by then is answered.
  const auto budget = plan_.survey_budget_s;
  const auto deadline
    = budget
      + std::min(max_timeout(), std::max(budget, plan_.benchmark_timeout_s))
      + start_allowance / 2;
  auto answer
    = ask(side, {{"survey", "--targets", "/fc/out/targets.json", "--side",
                  side.patched ? "patched" : "base", "--extensions", names,
                  "--budget", std::to_string(budget), "--deadline",
                  std::to_string(deadline), "--sample-ms",
                  std::to_string(plan_.sample_ms), "--first",
                  "/fc/out/first.json", "--reached-only"},
                 {{"targets.json", what.json},
                  {"first.json", to_json(to_json_list(first))}},
                 {},
                 deadline + answer_allowance});
  if (!answer)
    return answer.error();
  auto report = read_survey(std::move(answer->json));
  if (report)
    report->cpu_seconds = answer->cpu_seconds;
  return report;
}

expected<preparation>
bench_harness::prepare(const bench_side& side,
                       const std::vector<bench_key>& which, double timeout_s) {
  auto answer = ask(side, {{"prepare", "--only", "/fc/out/only.json"},
                           {{"only.json", to_json(to_json_list(which))}},
                           {},
                           timeout_s + start_allowance});
  if (!answer)
    return answer.error();
  auto result = read_preparation(std::move(answer->json));
  if (result)
    result->cpu_seconds = answer->cpu_seconds;
  return result;
}

expected<timing>
bench_harness::time(const bench_side& side, const bench_key& which,
                    std::uint64_t number, double timeout_s,
                    std::uint32_t seed) {
  const auto limit = timeout_s > 0 ? timeout_s : plan_.benchmark_timeout_s;
  auto answer = ask(
    side, {{"time", "--benchmark", which.name, "--params",
            to_json(json(which.params)), "--number", std::to_string(number),
            "--samples", std::to_string(plan_.samples), "--warmup-ms",
            std::to_string(plan_.warmup_ms)},
           {},
           {},
           limit + start_allowance + answer_allowance,
           seed});
  // A benchmark that hangs or dies is evidence; a stop or a sandbox that cannot
  // start is not.
  const auto lost = [](const events::error& why) -> expected<timing> {
    const auto code = events::code_of(why);
    if (code == ec::cancelled || code == ec::unavailable)
      return why;
    timing nothing;
    nothing.value = nothing.first = std::nan("");
    nothing.error = events::describe(why);
    return nothing;
  };
  if (!answer)
    return lost(answer.error());
  auto result = read_timing(std::move(answer->json), which, number, plan_);
  if (!result)
    return lost(result.error());
  result->cpu_seconds = answer->cpu_seconds;
  return result;
}

} // namespace fc::actors
