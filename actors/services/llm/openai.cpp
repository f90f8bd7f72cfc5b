#include "actors/services/llm/openai.hpp"

#include "events/common/bounded_json.hpp"

#include <nlohmann/json.hpp>

namespace fc::actors::services {

using events::ec;
using events::make_error;
using json = nlohmann::json;

namespace {

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
  if (reason == "stop" || reason.empty())
    return model_finish::whole;
  if (reason == "length")
    return model_finish::cut;
  if (reason == "content_filter")
    return model_finish::declined;
  return model_finish::other;
}

std::vector<std::pair<std::string, std::string>>
headers_of(const model_settings& settings) {
  std::vector<std::pair<std::string, std::string>> all{
    {"Content-Type", "application/json"}, {"Accept", "application/json"}};
  if (!settings.key.empty())
    all.emplace_back("Authorization", "Bearer " + settings.key);
  return all;
}

} // namespace

http_request
openai_dialect::request(const model_question& x, const model_settings& settings,
                        bool structured) const {
  json body{
    {"model", settings.model},
    {"messages", json::array({{{"role", "system"}, {"content", x.system}},
                              {{"role", "user"}, {"content", x.user}}})},
    {settings.cap_field, x.max_output_tokens}};
  if (settings.temperature)
    body["temperature"] = *settings.temperature;
  if (structured && !x.schema.empty())
    body["response_format"]
      = {{"type", "json_schema"},
         {"json_schema",
          {{"name", x.schema_name},
           {"strict", true},
           {"schema", events::common::read_json(x.schema)}}}};
  http_request request;
  request.method = "POST";
  request.url = settings.url + "/chat/completions";
  request.headers = headers_of(settings);
  // Titles and diffs may hold bytes that are not UTF-8.
  request.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  request.timeout_s = settings.timeout_s;
  request.max_bytes = settings.max_bytes;
  return request;
}

http_request openai_dialect::listing(const model_settings& settings) const {
  http_request request;
  request.url = settings.url + "/models";
  request.headers = headers_of(settings);
  request.max_bytes = settings.max_bytes;
  return request;
}

expected<model_answer> openai_dialect::read(std::string_view body) const {
  const auto x = events::common::read_json(body);
  const auto no = [](const char* why) {
    return make_error(
      ec::malformed, std::string{"the reply is not a chat completion: "} + why);
  };
  if (!x.is_object())
    return no("it is not a JSON object");
  const auto choices = x.find("choices");
  if (choices == x.end() || !choices->is_array() || choices->empty()
      || !choices->front().is_object())
    return no("it has no choices");
  const auto& choice = choices->front();
  const auto message = choice.find("message");
  if (message == choice.end() || !message->is_object())
    return no("its choice has no message");
  model_answer answer;
  answer.api = "openai";
  answer.served_by = text_of(x, "model");
  answer.text = text_of(*message, "content");
  answer.finish_reason = text_of(choice, "finish_reason");
  answer.finish = finish_of(answer.finish_reason);
  if (auto why = text_of(*message, "refusal"); !why.empty()) {
    answer.finish = model_finish::declined;
    if (answer.text.empty())
      answer.text = std::move(why);
  }
  if (const auto usage = x.find("usage");
      usage != x.end() && usage->is_object()) {
    const auto in = count_of(*usage, "prompt_tokens");
    const auto out = count_of(*usage, "completion_tokens");
    answer.tokens_in = in.value_or(0);
    answer.tokens_out = out.value_or(0);
    answer.tokens_named = in && out;
  }
  return answer;
}

} // namespace fc::actors::services
