#include "actors/judge/known_answers.hpp"

#include "events/catalog.hpp"

namespace fc::actors {

using events::expected;

events::error
known_answers::add(const events::log::log_reader& log,
                   const events::stream_name& stream, bool elsewhere) {
  auto records = log.read_stream(stream);
  if (!records)
    return records.error();
  for (auto at = records->rbegin(); at != records->rend(); ++at) {
    if (at->tag != events::model_answered::tag)
      continue;
    auto x = events::event_in<events::model_answered>(*at);
    if (!x)
      return x.error();
    all_.push_back({std::move(*x), &log, elsewhere});
  }
  return {};
}

expected<known_answers>
known_answers::read(const events::log::log_reader& own,
                    const events::log::log_reader* other,
                    const events::stream_name& stream) {
  known_answers result;
  if (auto err = result.add(own, stream, false))
    return err;
  if (other != nullptr)
    if (auto err = result.add(*other, stream, true))
      return err;
  return result;
}

expected<std::vector<known_answer>>
known_answers::to(const question_key& key) const {
  std::vector<known_answer> found;
  for (const auto& [event, log, elsewhere] : all_) {
    if (event.prompt != key.prompt || event.input != key.input
        || event.model != key.model || !event.answer)
      continue;
    auto reply = log->blob_of(event.answer.id);
    if (!reply)
      return reply.error();
    found.push_back({event, std::move(*reply), elsewhere});
  }
  return found;
}

} // namespace fc::actors
