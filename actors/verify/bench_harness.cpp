#include "actors/verify/bench_harness.hpp"

#include "events/policy/statistics.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>

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

double number_or_nan(const json& x) {
  return x.is_number() ? x.get<double>() : std::nan("");
}

double median_of(const json& values) {
  std::vector<double> xs;
  for (const auto& each : values)
    if (const auto x = number_or_nan(each); std::isfinite(x))
      xs.push_back(x);
  return xs.empty() ? 0 : events::policy::statistics::median(xs);
}

std::string text_or(const json& x, const char* key) {
  const auto found = x.find(key);
  return found != x.end() && found->is_string() ? found->get<std::string>()
                                                : std::string{};
}

std::string label_of(const json& x) {
  auto label = x.at("name").get<std::string>();
  const auto params = x.find("params");
  if (params == x.end() || !params->is_array() || params->empty())
    return label;
  label += '(';
  for (std::size_t i = 0; i < params->size(); ++i)
    label += (i == 0 ? "" : ", ") + params->at(i).get<std::string>();
  return label + ')';
}

survey_entry read_entry(const json& x) {
  survey_entry entry;
  entry.key.name = x.at("name").get<std::string>();
  const auto& index = x.at("param_index");
  entry.key.param = index.is_null() ? -1 : index.get<int>();
  entry.label = label_of(x);
  entry.kind = text_or(x, "kind");
  entry.status = text_or(x, "status");
  entry.error = text_or(x, "error");
  entry.reach = text_or(x, "reach");
  if (const auto ran = x.find("executed"); ran != x.end())
    entry.executed = ran->get<std::vector<std::string>>();
  entry.single = median_of(x.value("singles", json::array()));
  entry.loop = median_of(x.value("loop", json::array()));
  entry.number = std::max<std::uint64_t>(1, x.value("number", 1ULL));
  return entry;
}

/// Seconds a call of one sample, by the policy's clock.
double sample_value(const json& sample, std::uint64_t number,
                    const std::string& clock) {
  auto seconds = number_or_nan(sample.at("wall"));
  const auto wait = number_or_nan(sample.value("wait", json{}));
  if (clock == "wall_less_wait" && std::isfinite(wait))
    seconds = std::max(seconds - wait, 0.0);
  return seconds / static_cast<double>(number);
}

expected<json> parse(const std::string& text, std::string_view what) {
  auto parsed = json::parse(text, nullptr, false);
  if (parsed.is_discarded() || !parsed.is_object())
    return make_error(ec::malformed, "the benchmark harness' answer to "
                                       + std::string{what} + " is no JSON");
  return parsed;
}

std::string read_file(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
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
  fs::remove_all(out, ignored);
  fs::create_directories(out, ignored);
  fs::create_directories(side.cache, ignored);
  for (const auto& [name, text] : files)
    std::ofstream{out / name, std::ios::binary} << text;
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
  process.memory_mb = plan_.memory_mb;
  process.processes = plan_.processes;
  process.cpu = cpu_;
  auto result = box_.run(spec, stop_);
  if (!result)
    return result.error();
  if (result->stopped)
    return make_error(ec::cancelled, "the benchmark harness was stopped");
  auto text = read_file(out / "result.json");
  if (!result->ok() || text.empty())
    return make_error(result->timed_out ? ec::timeout : ec::refused,
                      "the benchmark harness failed on the " + side.name
                        + " side: " + last_words(*result));
  return reply{std::move(text), result->cpu_seconds};
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
  auto parsed = parse(answer->json, "targets");
  if (!parsed)
    return parsed.error();
  change_targets found;
  found.json = std::move(answer->json);
  for (const auto* side : {"base", "patched"}) {
    for (const auto& each : parsed->at(side).at("functions"))
      found.functions.push_back(text_or(each, "file")
                                + "::" + text_or(each, "qualname"));
    for (const auto& each : parsed->at(side).at("modules"))
      found.functions.push_back(each.get<std::string>() + "::(module)");
  }
  std::ranges::sort(found.functions);
  const auto twice = std::ranges::unique(found.functions);
  found.functions.erase(twice.begin(), twice.end());
  found.compiled
    = parsed->value("compiled", json::array()).get<std::vector<std::string>>();
  return found;
}

expected<survey_report>
bench_harness::survey(const bench_side& side, const change_targets& what,
                      const std::vector<std::string>& extensions) {
  std::string names;
  for (const auto& each : extensions)
    names += (names.empty() ? "" : ",") + each;
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
     std::to_string(plan_.memory_mb)},
    {{"targets.json", what.json}}, {},
    plan_.survey_budget_s + plan_.benchmark_timeout_s + start_allowance, 0);
  if (!answer)
    return answer.error();
  auto parsed = parse(answer->json, "survey");
  if (!parsed)
    return parsed.error();
  survey_report report;
  report.cpu_seconds = answer->cpu_seconds;
  for (const auto& each : parsed->at("benchmarks"))
    report.entries.push_back(read_entry(each));
  for (const auto& each : parsed->value("import_errors", json::array()))
    report.import_errors.push_back(
      each.is_object() ? text_or(each, "module") + ": " + text_or(each, "error")
                       : each.dump());
  report.raw = std::move(answer->json);
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
  auto parsed = parse(answer->json, "time");
  if (!parsed)
    return parsed.error();
  timing result;
  result.cpu_seconds = answer->cpu_seconds;
  result.error = text_or(*parsed, "error");
  result.first = number_or_nan(parsed->value("first", json{}));
  const auto calls
    = std::max<std::uint64_t>(1, parsed->value("number", number));
  std::vector<double> values;
  for (const auto& each : parsed->value("samples", json::array()))
    values.push_back(sample_value(each, calls, plan_.clock));
  result.raw = std::move(answer->json);
  if (values.empty() || text_or(*parsed, "status") != "ok")
    result.value = std::nan("");
  else if (plan_.statistic == "minimum")
    result.value = std::ranges::min(values);
  else
    result.value = events::policy::statistics::median(values);
  return result;
}

} // namespace fc::actors
