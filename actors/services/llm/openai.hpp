#pragma once

#include "actors/services/llm/dialect.hpp"

namespace fc::actors::services {

/// Chat completions, as OpenAI, LiteLLM and vLLM serve them.
class openai_dialect : public model_dialect {
public:
  http_request request(const model_question& x, const model_settings& settings,
                       bool structured) const override;
  http_request listing(const model_settings& settings) const override;
  expected<model_answer> read(std::string_view body) const override;
};

} // namespace fc::actors::services
