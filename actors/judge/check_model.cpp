#include "actors/judge/check_model.hpp"

#include "actors/judge/question.hpp"
#include "actors/judge/read_answer.hpp"
#include "actors/services/llm/dialect.hpp"
#include "actors/services/llm/refusals.hpp"

#include <algorithm>

namespace fc::actors {

using events::ec;
using events::error;
using events::expected;
using events::make_error;

namespace {

constexpr std::uint32_t tiny = 64;

std::string at(const services::model_settings& x) {
  return services::without_credentials(x.url);
}

std::string joined(const std::vector<std::string>& xs) {
  constexpr std::size_t max = 8;
  std::string text;
  for (std::size_t i = 0; i < std::min(max, xs.size()); ++i)
    text += (i == 0 ? "" : ", ") + xs[i];
  if (xs.size() > max)
    text += " and " + std::to_string(xs.size() - max) + " more";
  return text;
}

/// The ids a service lists; none where it offers no list.
expected<std::optional<std::vector<std::string>>>
list_models(const services::model_settings& model,
            const services::model_connection& through,
            const services::stop_flag& stop) {
  auto request = services::dialect_of(model.api).listing(model);
  request.timeout_s = std::min(model.timeout_s, 30.0);
  const auto reply = through.http->send(request, stop);
  if (!reply)
    return make_error(
      events::code_of(reply.error()),
      "the model's service at " + at(model) + " does not answer: "
        + services::without(events::describe(reply.error()), model.key));
  if (reply->status == 401 || reply->status == 403)
    return make_error(
      ec::no_access,
      "the model's service at " + at(model) + " refuses the key ("
        + services::without(
          services::read_refusal(*reply, through.time->now()).text, model.key)
        + ")");
  if (reply->status != 200)
    return std::optional<std::vector<std::string>>{};
  auto ids = services::read_listing(reply->body);
  if (!ids)
    return std::optional<std::vector<std::string>>{};
  return std::optional{std::move(*ids)};
}

error check_context(const judge_settings& settings,
                    const events::policy::policy& policy) {
  const auto& rules = policy.judge;
  const auto bytes = std::max(
    rules.prompts.at("classify").size() + label_schema().size(),
    rules.prompts.at("judge").size() + category_schema(rules).size());
  // Room for a description and some of a diff.
  constexpr std::uint64_t least = 1000;
  const auto needed
    = tokens_of(bytes, settings) + settings.output_tokens + least;
  if (settings.context_tokens >= needed)
    return {};
  return make_error(ec::invalid_argument,
                    "a context of " + std::to_string(settings.context_tokens)
                      + " tokens is too small for the prompts and an answer of "
                      + std::to_string(settings.output_tokens) + "; at least "
                      + std::to_string(needed)
                      + " are needed: set another context or a smaller cap");
}

} // namespace

expected<model_facts> check_model(const services::model_settings& model,
                                  const judge_settings& settings,
                                  const events::policy::policy& policy,
                                  const services::model_connection& through,
                                  const services::stop_flag& stop, bool ask) {
  if (auto err = check_context(settings, policy))
    return err;
  const auto listed = list_models(model, through, stop);
  if (!listed)
    return listed.error();
  model_facts facts;
  facts.model = model.model;
  const auto& ids = *listed;
  if (ids)
    facts.listed = std::ranges::find(*ids, model.model) != ids->end();
  facts.tokens_at_most = settings.context_tokens;
  if (model.price_in || model.price_out)
    facts.usd_at_most = model.cost_of(
      settings.context_tokens - settings.output_tokens, settings.output_tokens);
  if (!ask && facts.listed == true)
    return facts;
  auto patient = model;
  patient.tries = 2;
  patient.limit_tries = 2;
  const auto reply
    = services::make_http_model(patient, through)
        ->ask({"Answer with the one word YES.", "Are you there?", {}, {}, tiny},
              stop);
  facts.cost = reply.cost;
  if (!reply.failure) {
    facts.asked = true;
    facts.served_by = reply.answer.served_by;
    facts.seconds = reply.answer.seconds;
    return facts;
  }
  const auto code = events::code_of(reply.failure);
  const bool unknown = code == ec::refused || code == ec::no_access;
  if (unknown && facts.listed == false)
    return make_error(ec::not_found,
                      "the service at " + at(model) + " has no model \""
                        + model.model + "\"; it lists "
                        + (ids->empty() ? "none" : joined(*ids)) + " ("
                        + events::describe(reply.failure) + ")");
  if (reply.trace.find("HTTP 404") != std::string::npos)
    return make_error(ec::not_found, "model not found at " + at(model) + ": "
                                       + events::describe(reply.failure));
  return reply.failure;
}

} // namespace fc::actors
