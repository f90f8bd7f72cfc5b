#pragma once

#include "actors/services/process/process.hpp"
#include "events/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace fc::actors::services {

/// What a model is asked.
struct model_question {
  std::string system; ///< The prompt.
  std::string user;
  /// JSON Schema of the answer: an object, every property required, no others.
  /// Empty: any text. Sent where the service offers it; the answer must be
  /// checked all the same.
  std::string schema;
  std::string schema_name;
  std::uint32_t max_output_tokens = 0;
};

/// How an answer ended.
enum class model_finish : std::uint8_t {
  whole,
  cut,      ///< At the cap of output tokens.
  declined, ///< The model or a filter would not answer.
  too_long, ///< The context was full.
  other,    ///< Something that was not asked for, e.g. a tool's call.
};

/// What a model answered, whatever it is worth.
struct model_answer {
  std::string text;
  std::string model;     ///< That was asked.
  std::string served_by; ///< As the service names it.
  std::string api;       ///< Shape of `raw`: "openai" or "anthropic".
  model_finish finish = model_finish::whole;
  std::string finish_reason; ///< In the service's words.
  std::uint64_t tokens_in = 0;
  std::uint64_t tokens_out = 0;
  bool tokens_named = false; ///< False: the service named none.
  double cost_usd = 0;
  double seconds = 0;
  std::string raw; ///< The service's reply as it came, without the key.
};

/// What was spent on the way to an answer or a failure.
struct model_cost {
  std::uint32_t calls = 0;
  std::uint64_t tokens = 0;
  double usd = 0;

  model_cost& operator+=(const model_cost& x) {
    calls += x.calls;
    tokens += x.tokens;
    usd += x.usd;
    return *this;
  }
};

/// What became of a question.
struct model_reply {
  /// Set when there is no answer: `ec::unavailable`, `ec::rate_limited`,
  /// `ec::timeout`, `ec::endless`, `ec::too_long`, `ec::declined`,
  /// `ec::no_money`, `ec::no_access`, `ec::over_budget`, `ec::refused`,
  /// `ec::malformed`, `ec::cancelled`, `ec::invalid_argument`. Holds no key.
  events::error failure;
  model_answer answer; ///< Only without `failure`.
  model_cost cost;     ///< Of all calls, failed ones included.
  /// For people: what the service said on the way to a failure. No key.
  std::string trace;
  /// The answer to a failed call may have been paid for: nobody knows.
  bool maybe_paid = false;
};

/// Asks a language model. Blocks; thread-safe; the same port is shared by all
/// that ask, so that a limit one meets holds up the others.
class model_port {
public:
  virtual ~model_port() = default;
  virtual model_reply ask(const model_question& question, const stop_flag& stop)
    = 0;
};

} // namespace fc::actors::services
