#include "actors/services/llm/dialect.hpp"

#include "actors/services/llm/anthropic.hpp"
#include "actors/services/llm/openai.hpp"
#include "events/common/bounded_json.hpp"

#include <nlohmann/json.hpp>

namespace fc::actors::services {

using events::ec;
using events::make_error;

std::string_view to_string(model_api x) noexcept {
  return x == model_api::openai ? "openai" : "anthropic";
}

const model_dialect& dialect_of(model_api api) {
  static const openai_dialect chat;
  static const anthropic_dialect messages;
  if (api == model_api::openai)
    return chat;
  return messages;
}

expected<std::vector<std::string>> read_listing(std::string_view body) {
  const auto x = events::common::read_json(body);
  const auto no = [] {
    return make_error(ec::malformed, "the reply is not a list of models");
  };
  if (!x.is_object() || !x.contains("data") || !x.at("data").is_array())
    return no();
  std::vector<std::string> ids;
  for (const auto& each : x.at("data")) {
    if (!each.is_object() || !each.contains("id") || !each.at("id").is_string())
      return no();
    ids.push_back(each.at("id").get<std::string>());
  }
  return ids;
}

expected<model_answer> read_reply(std::string_view api, std::string_view body) {
  return dialect_of(api == "anthropic" ? model_api::anthropic
                                       : model_api::openai)
    .read(body);
}

} // namespace fc::actors::services
