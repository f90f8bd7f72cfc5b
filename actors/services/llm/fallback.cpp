#include "actors/services/llm/fallback.hpp"

namespace fc::actors::services {

namespace {

class fallback_model : public model_port {
public:
  fallback_model(std::shared_ptr<model_port> first,
                 std::shared_ptr<model_port> second, std::set<events::ec> on)
    : first_(std::move(first)), second_(std::move(second)), on_(std::move(on)) {
  }

  model_reply
  ask(const model_question& question, const stop_flag& stop) override {
    auto reply = first_->ask(question, stop);
    if (!reply.failure || !on_.contains(events::code_of(reply.failure)))
      return reply;
    auto other = second_->ask(question, stop);
    other.cost += reply.cost;
    other.trace = reply.trace + other.trace;
    if (!other.failure)
      return other;
    // Both words, under the code of the last.
    other.failure
      = events::make_error(events::code_of(other.failure),
                           events::describe(other.failure) + "; before that "
                             + events::describe(reply.failure));
    return other;
  }

private:
  std::shared_ptr<model_port> first_;
  std::shared_ptr<model_port> second_;
  std::set<events::ec> on_;
};

} // namespace

std::shared_ptr<model_port>
make_fallback_model(std::shared_ptr<model_port> first,
                    std::shared_ptr<model_port> second,
                    std::set<events::ec> on) {
  return std::make_shared<fallback_model>(std::move(first), std::move(second),
                                          std::move(on));
}

} // namespace fc::actors::services
