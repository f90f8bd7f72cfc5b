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

double finite_or_zero(const json& x, const char* key) {
  const auto value = number_or_nan(x.value(key, json{}));
  return std::isfinite(value) ? value : 0;
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
  entry.executed = texts_of(x, "executed");
  entry.single = median_of(x.value("singles", json::array()));
  entry.loop = median_of(x.value("loop", json::array()));
  entry.worn = median_of(x.value("worn", json::array()));
  entry.number = count_or(x, "number", 1);
  entry.seconds = finite_or_zero(x, "seconds");
  return entry;
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
    for (const auto* side : {"base", "patched"}) {
      for (const auto& each : x.at(side).at("functions"))
        targets.functions.push_back(text_or(each, "file")
                                    + "::" + text_or(each, "qualname"));
      for (const auto& each : texts_of(x.at(side), "modules"))
        targets.functions.push_back(each + "::(module)");
    }
    std::ranges::sort(targets.functions);
    const auto twice = std::ranges::unique(targets.functions);
    targets.functions.erase(twice.begin(), twice.end());
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
      report.import_errors.push_back(each.is_object()
                                       ? text_or(each, "module") + ": "
                                           + text_or(each, "error")
                                       : each.dump());
    return report;
  });
  if (found)
    found->raw = std::move(raw);
  return found;
}

expected<timing> read_timing(std::string raw, std::uint64_t number,
                             const events::policy::trial_plan& plan) {
  auto found = guarded(raw, "time", [&](const json& x) {
    timing result;
    result.error = text_or(x, "error");
    result.first = number_or_nan(x.value("first", json{}));
    const auto calls = count_or(x, "number", number);
    std::vector<double> values;
    for (const auto& each : x.value("samples", json::array()))
      values.push_back(sample_value(each, calls, plan.clock));
    if (values.empty() || text_or(x, "status") != "ok")
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
