#include "actors/judge/metered_model.hpp"

#include <cmath>

namespace fc::actors {

namespace {

/// The frame that a service puts round messages.
constexpr double frame_tokens = 128;

std::uint64_t guess(const services::model_question& x,
                    const services::model_settings& settings) {
  const auto bytes = x.system.size() + x.user.size() + x.schema.size();
  return static_cast<std::uint64_t>(
    std::ceil(static_cast<double>(bytes) / settings.bytes_per_token)
    + frame_tokens);
}

class metered_model : public services::model_port {
public:
  metered_model(std::shared_ptr<services::model_port> inner,
                services::model_settings settings,
                std::shared_ptr<judge_ledger> ledger)
    : inner_(std::move(inner)), settings_(std::move(settings)),
      ledger_(std::move(ledger)) {}

  services::model_reply ask(const services::model_question& question,
                            const services::stop_flag& stop) override {
    const auto max = max_cost_of(question, settings_, ledger_->input_factor());
    if (auto no = ledger_->reserve(max, stop)) {
      services::model_reply reply;
      reply.failure = std::move(no);
      return reply;
    }
    auto reply = inner_->ask(question, stop);
    if (reply.failure && reply.maybe_paid) {
      reply.cost.tokens = max.tokens;
      reply.cost.usd = max.usd;
    }
    if (!reply.failure && reply.answer.tokens_named)
      ledger_->learn(guess(question, settings_), reply.answer.tokens_in);
    ledger_->settle(max, {reply.cost.usd, reply.cost.tokens});
    return reply;
  }

private:
  std::shared_ptr<services::model_port> inner_;
  services::model_settings settings_;
  std::shared_ptr<judge_ledger> ledger_;
};

} // namespace

amount
max_cost_of(const services::model_question& x,
            const services::model_settings& settings, double input_factor) {
  const auto in = static_cast<std::uint64_t>(std::ceil(
    static_cast<double>(guess(x, settings)) * std::max(1.0, input_factor)));
  return {settings.cost_of(in, x.max_output_tokens), in + x.max_output_tokens};
}

std::shared_ptr<services::model_port>
make_metered_model(std::shared_ptr<services::model_port> inner,
                   services::model_settings settings,
                   std::shared_ptr<judge_ledger> ledger) {
  return std::make_shared<metered_model>(std::move(inner), std::move(settings),
                                         std::move(ledger));
}

} // namespace fc::actors
