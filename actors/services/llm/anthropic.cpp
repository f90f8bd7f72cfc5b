#include "actors/services/llm/anthropic.hpp"

#include "events/common/bounded_json.hpp"

#include <nlohmann/json.hpp>

namespace fc::actors::services {

using events::ec;
using events::make_error;
using json = nlohmann::json;

namespace {

/// The only version under which a temperature is not refused.
constexpr std::string_view with_sampling = "2023-06-01";

std::string text_of(const json& x, const char* key) {
  const auto at = x.find(key);
  return at != x.end() && at->is_string() ? at->get<std::string>()
                                          : std::string{};
}

std::optional<std::uint64_t> count_of(const json& x, const char* key) {
  const auto at = x.find(key);
  if (at == x.end() || !at->is_number_unsigned())
    return std::nullopt;
  return at->get<std::uint64_t>();
}

model_finish finish_of(const std::string& reason) {
  if (reason == "end_turn" || reason == "stop_sequence" || reason.empty())
    return model_finish::whole;
  if (reason == "max_tokens")
    return model_finish::cut;
  if (reason == "refusal")
    return model_finish::declined;
  if (reason == "model_context_window_exceeded")
    return model_finish::too_long;
  return model_finish::other;
}

std::vector<std::pair<std::string, std::string>>
headers_of(const model_settings& settings) {
  std::vector<std::pair<std::string, std::string>> all{
    {"Content-Type", "application/json"},
    {"Accept", "application/json"},
    {"anthropic-version", settings.version}};
  if (!settings.key.empty())
    all.emplace_back("x-api-key", settings.key);
  return all;
}

} // namespace

http_request anthropic_dialect::request(const model_question& x,
                                        const model_settings& settings,
                                        bool structured) const {
  json body{
    {"model", settings.model},
    {"max_tokens", x.max_output_tokens},
    {"system", x.system},
    {"messages", json::array({{{"role", "user"}, {"content", x.user}}})}};
  if (settings.temperature && settings.version == with_sampling)
    body["temperature"] = *settings.temperature;
  if (structured && !x.schema.empty())
    body["output_config"]["format"] = {
      {"type", "json_schema"}, {"schema", events::common::read_json(x.schema)}};
  http_request request;
  request.method = "POST";
  request.url = settings.url + "/messages";
  request.headers = headers_of(settings);
  request.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  request.timeout_s = settings.timeout_s;
  request.max_bytes = settings.max_bytes;
  return request;
}

http_request anthropic_dialect::listing(const model_settings& settings) const {
  http_request request;
  request.url = settings.url + "/models?limit=1000";
  request.headers = headers_of(settings);
  request.max_bytes = settings.max_bytes;
  return request;
}

expected<model_answer> anthropic_dialect::read(std::string_view body) const {
  const auto x = events::common::read_json(body);
  const auto no = [](const char* why) {
    return make_error(ec::malformed,
                      std::string{"the reply is not a message: "} + why);
  };
  if (!x.is_object())
    return no("it is not a JSON object");
  const auto content = x.find("content");
  if (content == x.end() || !content->is_array())
    return no("it has no content");
  model_answer answer;
  answer.api = "anthropic";
  answer.served_by = text_of(x, "model");
  // Blocks of other types hold thoughts and tools, no answer.
  for (const auto& block : *content)
    if (block.is_object() && text_of(block, "type") == "text")
      answer.text += text_of(block, "text");
  answer.finish_reason = text_of(x, "stop_reason");
  answer.finish = finish_of(answer.finish_reason);
  if (const auto usage = x.find("usage");
      usage != x.end() && usage->is_object()) {
    const auto in = count_of(*usage, "input_tokens");
    const auto out = count_of(*usage, "output_tokens");
    // What a cache gave or kept is input as well.
    answer.tokens_in
      = in.value_or(0)
        + count_of(*usage, "cache_creation_input_tokens").value_or(0)
        + count_of(*usage, "cache_read_input_tokens").value_or(0);
    answer.tokens_out = out.value_or(0);
    answer.tokens_named = in && out;
  }
  return answer;
}

} // namespace fc::actors::services
