#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fc::actors::services {

/// How a model's service is spoken to.
enum class model_api : std::uint8_t {
  openai,    ///< Chat completions, as OpenAI, LiteLLM and vLLM serve them.
  anthropic, ///< Messages.
};

std::string_view to_string(model_api x) noexcept;

/// One model and how it is asked; all of it is the user's.
struct model_settings {
  model_api api = model_api::openai;
  std::string url; ///< Up to and with `/v1`.
  std::string model;
  std::string key; ///< Empty: none is sent. Never shown.
  /// OpenAI: the field that caps the answer, `max_tokens` or
  /// `max_completion_tokens`.
  std::string cap_field = "max_tokens";
  /// Anthropic: the header `anthropic-version`. Only under `2023-06-01` may a
  /// temperature be sent.
  std::string version = "2023-06-01";
  std::optional<double> temperature;
  bool structured = true; ///< Ask for JSON by schema; off where it is refused.
  double timeout_s = 300; ///< Of one call, from beginning to end.
  std::uint64_t max_bytes = 4 << 20; ///< Of one reply.
  std::uint32_t in_flight = 8;       ///< Calls at the same time.
  std::uint32_t tries = 3;           ///< Of one question, limits not counted.
  std::uint32_t limit_tries = 8;     ///< How often a limit is waited out.
  double max_pause_s = 900;          ///< What a service asks for beyond is cut.
  /// Where no tokens are named, and to know what a call costs at most before it
  /// is made. Code has 3 to 4.
  double bytes_per_token = 3;
  /// USD for a million tokens; none: not known.
  std::optional<double> price_in;
  std::optional<double> price_out;

  double cost_of(std::uint64_t tokens_in, std::uint64_t tokens_out) const {
    return (price_in.value_or(0) * static_cast<double>(tokens_in)
            + price_out.value_or(0) * static_cast<double>(tokens_out))
           / 1e6;
  }
};

} // namespace fc::actors::services
