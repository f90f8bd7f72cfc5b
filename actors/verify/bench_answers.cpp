#include "actors/verify/bench_answers.hpp"

#include "events/common/bounded_json.hpp"
#include "events/policy/statistics.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace fc::actors {

namespace {

using events::ec;
using events::expected;
using events::make_error;
using nlohmann::json;

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

/// A count that may be null: benchmarks that did not run have none.
std::uint64_t
count_or(const json& x, const char* key, std::uint64_t otherwise) {
  const auto found = x.find(key);
  return found != x.end() && found->is_number_unsigned()
           ? std::max<std::uint64_t>(1, found->get<std::uint64_t>())
           : otherwise;
}

std::vector<std::string> texts_of(const json& x, const char* key) {
  std::vector<std::string> texts;
  const auto found = x.find(key);
  if (found != x.end() && found->is_array())
    for (const auto& each : *found)
      texts.push_back(each.is_string() ? each.get<std::string>() : each.dump());
  return texts;
}

bench_key key_of(const json& x) {
  return {x.at("name").get<std::string>(), texts_of(x, "params")};
}

std::string label_of(const bench_key& key) {
  auto label = key.name;
  if (key.params.empty())
    return label;
  label += '(';
  for (std::size_t i = 0; i < key.params.size(); ++i)
    label += (i == 0 ? "" : ", ") + key.params[i];
  return label + ')';
}

double finite_or_zero(const json& x, const char* key) {
  const auto value = number_or_nan(x.value(key, json{}));
  return std::isfinite(value) ? value : 0;
}

survey_entry read_entry(const json& x) {
  survey_entry entry;
  entry.key = key_of(x);
  entry.label = label_of(entry.key);
  entry.kind = text_or(x, "kind");
  entry.status = text_or(x, "status");
  entry.error = text_or(x, "error");
  entry.reach = text_or(x, "reach");
  entry.executed = texts_of(x, "executed");
  entry.single = median_of(x.value("singles", json::array()));
  entry.loop = median_of(x.value("loop", json::array()));
  entry.worn = median_of(x.value("worn", json::array()));
  entry.number = count_or(x, "number", 1);
  entry.seconds = finite_or_zero(x, "seconds");
  entry.timeout = finite_or_zero(x, "timeout");
  if (const auto cache = x.find("setup_cache"); cache != x.end())
    entry.has_cache = !cache->is_null();
  return entry;
}

/// `[{"module": ..., "file": ...}]` as a text, empty where there are none.
std::string shadowing(const json& x) {
  for (const auto& each : x.value("shadowed", json::array()))
    if (each.is_object())
      return text_or(each, "module") + " was imported from "
             + text_or(each, "file")
             + " in the working tree and not from the built package";
  return {};
}

events::clock_totals read_clock(const json& x) {
  const auto& outside = x.at("outside");
  events::clock_totals clock;
  clock.claimed = number_or_nan(outside.at("claimed"));
  clock.cpu = number_or_nan(outside.at("cpu"));
  clock.wall = number_or_nan(outside.at("wall"));
  clock.resolution = finite_or_zero(outside, "resolution");
  return clock;
}

/// Seconds a call of one sample, by the policy's clock.
double sample_value(const json& sample, std::uint64_t number,
                    const std::string& clock) {
  auto seconds = number_or_nan(sample.at("wall"));
  const auto wait = number_or_nan(sample.value("wait", json{}));
  if (clock == "wall_less_wait" && std::isfinite(wait))
    // The wait is read outside of the timed loop: never below what it computed.
    seconds = std::max(seconds - wait,
                       std::min(seconds, finite_or_zero(sample, "cpu")));
  return seconds / static_cast<double>(number);
}

/// Parses and reads; the library throws where the shape is not as agreed.
template <class Read>
auto guarded(const std::string& raw, std::string_view what, Read&& read)
  -> expected<decltype(read(json{}))> {
  try {
    const auto parsed = events::common::parse_json(raw);
    if (!parsed)
      return make_error(ec::malformed, "the benchmark harness' answer to "
                                         + std::string{what} + ": "
                                         + events::describe(parsed.error()));
    return read(*parsed);
  } catch (const json::exception& err) {
    return make_error(ec::malformed, "the benchmark harness' answer to "
                                       + std::string{what} + ": " + err.what());
  }
}

} // namespace

expected<change_targets> read_targets(std::string raw) {
  auto found = guarded(raw, "targets", [](const json& x) {
    change_targets targets;
    targets.nothing = true;
    for (const auto* side : {"base", "patched"}) {
      for (const auto& each : x.at(side).at("functions"))
        targets.functions.push_back(text_or(each, "file")
                                    + "::" + text_or(each, "qualname"));
      for (const auto& each : texts_of(x.at(side), "modules"))
        targets.functions.push_back(each + "::(module)");
    }
    for (const auto& [key, value] : x.items())
      if (value.is_array() && key != "files")
        targets.nothing = targets.nothing && value.empty();
    targets.nothing = targets.nothing && targets.functions.empty();
    std::ranges::sort(targets.functions);
    auto& all = targets.functions;
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return targets;
  });
  if (found)
    found->json = std::move(raw);
  return found;
}

expected<survey_report> read_survey(std::string raw) {
  auto found = guarded(raw, "survey", [](const json& x) {
    survey_report report;
    for (const auto& each : x.at("benchmarks"))
      report.entries.push_back(read_entry(each));
    for (const auto& each : x.value("import_errors", json::array()))
      report.import_errors.push_back(
        {text_or(each, "module"), text_or(each, "error")});
    report.ignored = texts_of(x, "ignored");
    // A fraction or a huge number would not fit what it is cast to.
    const auto modules = x.value("modules", json(0U));
    report.modules = static_cast<std::uint32_t>(std::min<std::uint64_t>(
      modules.get_ref<const json::number_unsigned_t&>(), 1'000'000));
    report.complete = x.value("complete", true);
    return report;
  });
  if (found)
    found->raw = std::move(raw);
  return found;
}

events::error check_token(const std::string& raw, const std::string& token) {
  const auto found = guarded(raw, "any command",
                             [](const json& x) { return text_or(x, "token"); });
  if (!found)
    return found.error();
  if (*found != token)
    return make_error(ec::refused, "the answer does not carry the token that "
                                   "the harness was started with, so something "
                                   "else wrote it");
  return {};
}

expected<preparation> read_preparation(std::string raw) {
  auto found = guarded(raw, "prepare", [](const json& x) {
    preparation result;
    for (const auto& each : x.value("errors", json::array()))
      result.errors.push_back(text_or(each, "name") + ": "
                              + text_or(each, "error"));
    return result;
  });
  if (found)
    found->raw = std::move(raw);
  return found;
}

expected<timing>
read_timing(std::string raw, const bench_key& which, std::uint64_t number,
            const events::policy::trial_plan& plan) {
  auto found = guarded(raw, "time", [&](const json& x) {
    timing result;
    result.error = text_or(x, "error");
    bool usable = text_or(x, "status") == "ok";
    const auto refuse = [&](std::string why) {
      usable = false;
      result.error = std::move(why);
    };
    if (const auto key = key_of(x); usable && key != which)
      refuse("asked for " + label_of(which) + ", the answer is about "
             + label_of(key));
    if (const auto shadow = shadowing(x); !shadow.empty())
      refuse(shadow);
    if (usable)
      result.clock = read_clock(x);
    result.first = number_or_nan(x.value("first", json{}));
    const auto calls = count_or(x, "number", number);
    std::vector<double> values;
    for (const auto& each : x.value("samples", json::array())) {
      values.push_back(sample_value(each, calls, plan.clock));
      // What the policy's clock leaves out is claimed as well.
      if (const auto left_out = number_or_nan(each.at("wall"))
                                - values.back() * static_cast<double>(calls);
          std::isfinite(left_out))
        result.clock.claimed -= left_out;
    }
    if (values.empty() || !usable)
      result.value = std::nan("");
    else if (plan.statistic == "minimum")
      result.value = std::ranges::min(values);
    else
      result.value = events::policy::statistics::median(values);
    return result;
  });
  if (found)
    found->raw = std::move(raw);
  return found;
}

} // namespace fc::actors
