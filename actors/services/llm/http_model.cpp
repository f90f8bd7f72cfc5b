#include "actors/services/llm/http_model.hpp"

#include "actors/services/llm/dialect.hpp"
#include "actors/services/llm/refusals.hpp"

#include <atomic>
#include <chrono>
#include <cmath>

namespace fc::actors::services {

using events::ec;
using events::make_error;
using events::timestamp;

namespace {

/// As the official clients wait: half a second, doubled, at most eight, less
/// up to a quarter.
timestamp::duration backoff(std::uint32_t n, double jitter) {
  const auto seconds
    = std::min(8.0, 0.5 * std::pow(2.0, n)) * (1 - 0.25 * jitter);
  return std::chrono::duration_cast<timestamp::duration>(
    std::chrono::duration<double>{seconds});
}

/// One question on its way.
class model_call {
public:
  model_call(const model_settings& settings, const model_connection& through,
             std::atomic<bool>& structured, const stop_flag& stop)
    : settings_(settings), through_(through),
      dialect_(dialect_of(settings.api)), structured_(structured), stop_(stop) {
  }

  model_reply run(const model_question& question) {
    while (!step(question)) {
    }
    return std::move(reply_);
  }

private:
  /// What a call left to be done about it.
  struct next_action {
    bool done = true;
    timestamp until{}; ///< Not before.
  };

  /// One call. @returns whether that was all.
  bool step(const model_question& question) {
    const auto permit = through_.limiter->acquire(settings_.model, stop_);
    if (!permit)
      return fail(events::code_of(permit.error()),
                  "waiting for its limits: "
                    + events::describe(permit.error()));
    const bool structured = structured_;
    const auto request = dialect_.request(question, settings_, structured);
    const auto response = through_.http->send(request, stop_);
    ++reply_.cost.calls;
    const auto refusal = response ? refusal_in(*response) : std::nullopt;
    through_.limiter->release(settings_.model, *permit,
                              limits_in(response, refusal));
    const auto end = !response ? unanswered(response.error())
                               : take(question, *response, refusal, structured);
    return end.done || !wait_until(end.until);
  }

  /// Some services put an error into a reply of 200.
  std::optional<model_refusal> refusal_in(const http_response& response) const {
    const bool refuses
      = response.status != 200
        || (response.body.find("\"error\"") != std::string::npos
            && !dialect_.read(response.body));
    if (!refuses)
      return std::nullopt;
    return read_refusal(response, through_.time->now());
  }

  limit_answer limits_in(const expected<http_response>& response,
                         const std::optional<model_refusal>& refusal) const {
    limit_answer x;
    if (refusal) {
      x.refused = refusal->again
                  && (refusal->code == ec::rate_limited || refusal->until);
      x.until = refusal->until;
    }
    x.silent = !response || (refusal && !x.refused);
    if (!response || refusal)
      return x;
    if (const auto until = exhausted_until(*response, through_.time->now())) {
      x.remaining = 0;
      x.reset = until;
    }
    return x;
  }

  next_action unanswered(const events::error& why) {
    const auto code = events::code_of(why);
    const auto text = clean(events::describe(why));
    note(text + "\n");
    reply_.maybe_paid = code == ec::timeout;
    if (code == ec::timeout)
      fail(code, "no complete answer within "
                   + std::to_string(static_cast<int>(settings_.timeout_s))
                   + " s");
    else if (code != ec::unavailable)
      fail(code, text);
    else
      return again(code, text, std::nullopt);
    return {};
  }

  next_action
  take(const model_question& question, const http_response& response,
       const std::optional<model_refusal>& refusal, bool structured) {
    if (response.cut) {
      note(trace_of(response));
      reply_.maybe_paid = response.status == 200;
      fail(ec::endless, "the reply has no end within "
                          + std::to_string(settings_.max_bytes) + " bytes");
      return {};
    }
    if (refusal)
      return refused(*refusal, response, question, structured);
    auto answer = dialect_.read(response.body);
    if (answer) {
      accept(std::move(*answer), question, response);
      return {};
    }
    note(trace_of(response));
    reply_.maybe_paid = true;
    fail(ec::malformed, events::describe(answer.error()));
    return {};
  }

  void accept(model_answer answer, const model_question& question,
              const http_response& response) {
    answer.model = settings_.model;
    answer.seconds = response.seconds;
    answer.raw = clean(response.body);
    answer.text = clean(std::move(answer.text));
    if (!answer.tokens_named) {
      const auto tokens = [&](std::size_t bytes) {
        return static_cast<std::uint64_t>(
          std::ceil(static_cast<double>(bytes) / settings_.bytes_per_token));
      };
      answer.tokens_in = tokens(question.system.size() + question.user.size());
      answer.tokens_out = tokens(answer.text.size());
    }
    answer.cost_usd = settings_.cost_of(answer.tokens_in, answer.tokens_out);
    reply_.cost.tokens = answer.tokens_in + answer.tokens_out;
    reply_.cost.usd = answer.cost_usd;
    reply_.failure = {};
    reply_.answer = std::move(answer);
  }

  next_action refused(const model_refusal& no, const http_response& response,
                      const model_question& question, bool structured) {
    note(trace_of(response));
    if (no.no_schema && structured && !question.schema.empty()) {
      structured_ = false;
      return {false, {}};
    }
    if (no.again)
      return again(no.code, clean(no.text), no.until);
    fail(no.code, clean(no.text));
    return {};
  }

  /// Another try where there is one left.
  next_action
  again(ec code, const std::string& text, std::optional<timestamp> until) {
    const bool limit = code == ec::rate_limited;
    auto& used = limit ? limits_ : tries_;
    ++used;
    if (used >= (limit ? settings_.limit_tries : settings_.tries)) {
      fail(code, text + " (" + std::to_string(used) + " times)");
      return {};
    }
    // The limiter was told, and holds up everyone who shares the limit.
    if (limit || until)
      return {false, {}};
    return {false, through_.time->now() + backoff(used - 1, through_.jitter())};
  }

  /// False when it was stopped meanwhile.
  bool wait_until(timestamp at) {
    if (at == timestamp{} || through_.time->sleep_until(at, stop_))
      return true;
    fail(ec::cancelled, "stopped while waiting for another try");
    return false;
  }

  bool fail(ec code, const std::string& text) {
    reply_.failure = make_error(code, "model " + settings_.model + ": " + text);
    return true;
  }

  void note(const std::string& text) {
    constexpr std::size_t max = 16 << 10;
    if (reply_.trace.size() < max)
      reply_.trace += clean(text) + "\n";
  }

  std::string clean(std::string text) const {
    return without(std::move(text), settings_.key);
  }

  const model_settings& settings_;
  const model_connection& through_;
  const model_dialect& dialect_;
  std::atomic<bool>& structured_;
  const stop_flag& stop_;
  model_reply reply_;
  std::uint32_t tries_ = 0;
  std::uint32_t limits_ = 0;
};

class http_model : public model_port {
public:
  http_model(model_settings settings, model_connection through)
    : settings_(std::move(settings)), through_(std::move(through)),
      structured_(settings_.structured) {}

  model_reply
  ask(const model_question& question, const stop_flag& stop) override {
    return model_call{settings_, through_, structured_, stop}.run(question);
  }

private:
  model_settings settings_;
  model_connection through_;
  std::atomic<bool> structured_;
};

} // namespace

model_connection
connect_model(const model_settings& settings, std::shared_ptr<http_client> http,
              std::shared_ptr<wait_clock> time,
              std::function<double()> jitter) {
  auto limiter = std::make_shared<rate_limiter>(1, time, jitter);
  limit_rules rules;
  rules.in_flight = settings.in_flight;
  rules.first_pause_s = 1;
  rules.max_pause_s = settings.max_pause_s;
  limiter->set_rules(settings.model, rules);
  return {std::move(http), std::move(time), std::move(limiter),
          std::move(jitter)};
}

std::shared_ptr<model_port>
make_http_model(model_settings settings, model_connection through) {
  return std::make_shared<http_model>(std::move(settings), std::move(through));
}

} // namespace fc::actors::services
