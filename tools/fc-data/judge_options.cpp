#include "tools/fc-data/judge_options.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <charconv>
#include <cstdlib>

namespace fc::tools {

namespace {

using actors::services::model_api;
using actors::services::model_settings;
using events::ec;
using events::error;
using events::make_error;

constexpr auto heading = "Judge";
constexpr const char* with_sampling = "2023-06-01";

error mistake(std::string text) {
  return make_error(ec::invalid_argument, std::move(text));
}

/// The options of one model. @param flag "--model" or "--fallback-model".
void add_model(CLI::App& app, const std::string& flag, const std::string& name,
               model_settings& x, judge_options::texts& texts) {
  const auto add = [&](const std::string& end, auto& to, const char* what) {
    auto variable = name;
    for (const char c : end)
      variable += c == '-' ? '_' : static_cast<char>(std::toupper(c));
    return app.add_option(flag + end, to, what)
      ->envname(variable)
      ->group(heading);
  };
  const auto about = "Its name at the service; its key is in " + name + "_KEY";
  add("", x.model, about.c_str());
  add("-url", x.url, "Address of the service, with /v1");
  add("-api", texts.api, "openai (chat completions) or anthropic")
    ->check(CLI::IsMember({"openai", "anthropic"}));
  add("-version", x.version, "Of the Anthropic API [2023-06-01]");
  add("-temperature", texts.temperature,
      "A number or none [openai 0, anthropic none]");
  add("-cap-field", x.cap_field, "Field that caps an answer [max_tokens]")
    ->check(CLI::IsMember({"max_tokens", "max_completion_tokens"}));
  add("-schema", texts.structured,
      "auto: ask for JSON by schema until it is refused; off")
    ->check(CLI::IsMember({"auto", "off"}));
  add("-timeout", x.timeout_s, "Of one call, seconds [300]")
    ->check(CLI::Range(1.0, 3600.0));
  add("-in-flight", x.in_flight, "Calls at the same time [8]")
    ->check(CLI::Range(1, 256));
  add("-price-in", texts.price_in, "USD for a million tokens asked")
    ->check(CLI::NonNegativeNumber);
  add("-price-out", texts.price_out, "USD for a million tokens answered")
    ->check(CLI::NonNegativeNumber);
}

std::string key_of(const char* variable) {
  const char* found = std::getenv(variable);
  std::string key = found == nullptr ? "" : found;
  // A line break comes with a key that was read from a file.
  while (!key.empty() && std::isspace(static_cast<unsigned char>(key.back())))
    key.pop_back();
  return key;
}

error finish_model(const std::string& flag, model_settings& x,
                   const judge_options::texts& texts) {
  x.api = texts.api == "anthropic" ? model_api::anthropic : model_api::openai;
  x.structured = texts.structured == "auto";
  if (!x.url.starts_with("http://") && !x.url.starts_with("https://"))
    return mistake(
      flag
      + "-url must be the http or https address of the "
        "service of "
      + x.model
      + (x.url.empty() ? ", none is given" : ", not '" + x.url + "'"));
  while (x.url.ends_with('/'))
    x.url.pop_back();
  for (const unsigned char c : x.key)
    if (c <= ' ' || c > '~')
      return mistake("the key of " + x.model
                     + " has a character that no key has");
  auto temperature = texts.temperature;
  if (temperature.empty())
    temperature = x.api == model_api::openai ? "0" : "none";
  if (temperature != "none") {
    double value = 0;
    const auto* end = temperature.data() + temperature.size();
    const auto read = std::from_chars(temperature.data(), end, value);
    if (read.ec != std::errc{} || read.ptr != end
        || !(value >= 0 && value <= 2))
      return mistake(flag + "-temperature must be from 0 to 2, or none, not '"
                     + temperature + "'");
    if (x.api == model_api::anthropic && x.version != with_sampling)
      return mistake(flag + "-temperature goes with version " + with_sampling
                     + " of the Anthropic API only");
    x.temperature = value;
  }
  if (texts.price_in >= 0)
    x.price_in = texts.price_in;
  if (texts.price_out >= 0)
    x.price_out = texts.price_out;
  return {};
}

error finish_fallback(judge_options& x) {
  for (const auto& word : x.fallback_words) {
    std::optional<ec> code;
    for (const auto each : {ec::unavailable, ec::rate_limited, ec::timeout,
                            ec::endless, ec::no_money, ec::no_access})
      if (events::to_string(each) == word)
        code = each;
    if (!code)
      return mistake("--fallback-on takes unavailable, rate_limited, timeout, "
                     "endless, no_money and no_access, not '"
                     + word + "'");
    x.fallback_on.insert(*code);
  }
  return finish_model("--fallback-model", x.fallback, x.fallback_texts);
}

error finish_budget(judge_options& x) {
  if (x.budget_tokens >= 0)
    x.budget.tokens = static_cast<std::uint64_t>(x.budget_tokens);
  if (x.budget_usd < 0)
    return {};
  x.budget.usd = x.budget_usd;
  for (const auto* each : {&x.model, &x.fallback})
    if (!each->model.empty() && (!each->price_in || !each->price_out))
      return mistake("--judge-budget needs the prices of " + each->model
                     + ": give FC_MODEL_PRICE_IN and FC_MODEL_PRICE_OUT "
                       "(FC_FALLBACK_MODEL_PRICE_... of a fallback), 0 where "
                       "it is free, or use --judge-token-budget");
  return {};
}

} // namespace

void add_judge_options(CLI::App& app, judge_options& x) {
  app
    .add_option("--judge", x.judge,
                "rules or model [a model where one is named, else rules]")
    ->check(CLI::IsMember({"rules", "model"}))
    ->envname("FC_JUDGE")
    ->group(heading);
  add_model(app, "--model", "FC_MODEL", x.model, x.model_texts);
  add_model(app, "--fallback-model", "FC_FALLBACK_MODEL", x.fallback,
            x.fallback_texts);
  app
    .add_option("--fallback-on", x.fallback_words,
                "Failures after which the fallback is asked "
                "[unavailable,rate_limited,timeout]")
    ->delimiter(',')
    ->envname("FC_FALLBACK_ON")
    ->group(heading);
  app
    .add_option("--model-context", x.reading.context_tokens,
                "Tokens of question and answer together [32768]")
    ->check(CLI::Range(1000, 100'000'000))
    ->envname("FC_MODEL_CONTEXT")
    ->group(heading);
  app
    .add_option("--model-max-output", x.reading.output_tokens,
                "Tokens of one answer [6144]")
    ->check(CLI::Range(64, 1'000'000))
    ->envname("FC_MODEL_MAX_OUTPUT")
    ->group(heading);
  app
    .add_option("--model-bytes-per-token", x.reading.bytes_per_token,
                "To count a question before it is asked [3]")
    ->check(CLI::Range(0.5, 10.0))
    ->envname("FC_MODEL_BYTES_PER_TOKEN")
    ->group(heading);
  app
    .add_option("--judge-budget", x.budget_usd,
                "USD that the judge of this run may cost")
    ->check(CLI::NonNegativeNumber)
    ->envname("FC_JUDGE_BUDGET")
    ->group(heading);
  app
    .add_option("--judge-token-budget", x.budget_tokens,
                "Tokens that the judge of this run may use")
    ->check(CLI::NonNegativeNumber)
    ->envname("FC_JUDGE_TOKEN_BUDGET")
    ->group(heading);
}

error finish_judge_options(judge_options& x) {
  if (x.judge.empty())
    x.judge = x.model.model.empty() ? "rules" : "model";
  if (!x.by_model()) {
    if (x.budget_usd >= 0 || x.budget_tokens >= 0)
      return mistake("a budget goes with a model; the rules cost nothing");
    return {};
  }
  if (x.model.model.empty())
    return mistake("--judge model needs the name of one: give --model or "
                   "FC_MODEL, and FC_MODEL_URL");
  x.model.key = key_of("FC_MODEL_KEY");
  x.fallback.key = key_of("FC_FALLBACK_MODEL_KEY");
  x.model.bytes_per_token = x.reading.bytes_per_token;
  x.fallback.bytes_per_token = x.reading.bytes_per_token;
  if (auto err = finish_model("--model", x.model, x.model_texts))
    return err;
  if (!x.fallback.model.empty())
    if (auto err = finish_fallback(x))
      return err;
  if (x.reading.context_tokens <= x.reading.output_tokens)
    return mistake("--model-context must be larger than --model-max-output");
  return finish_budget(x);
}

std::string judge_configuration(const judge_options& x) {
  if (!x.by_model())
    return {};
  const auto about = [](const model_settings& m) {
    nlohmann::json one{
      {"api", std::string{m.api == model_api::openai ? "openai" : "anthropic"}},
      {"model", m.model}};
    if (m.temperature)
      one["temperature"] = *m.temperature;
    return one;
  };
  nlohmann::json all{{"model", about(x.model)},
                     {"context", x.reading.context_tokens},
                     {"output", x.reading.output_tokens},
                     {"bytes_per_token", x.reading.bytes_per_token}};
  if (!x.fallback.model.empty())
    all["fallback"] = about(x.fallback);
  return all.dump();
}

} // namespace fc::tools
