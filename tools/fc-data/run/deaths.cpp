#include "tools/fc-data/run/deaths.hpp"

#include "tools/shell/program.hpp"

namespace fc::tools {

void deaths::watch(actors::pipeline_parts& parts) const {
  parts.motion = motion;
  parts.dispatch.alone = [known = book](const auto& stream) {
    return known->suspect(stream);
  };
}

events::expected<deaths>
look_at_deaths(const options& settings,
               const std::shared_ptr<events::log::event_log>& log,
               const std::string& run, stage_set& stages) {
  auto motion = actors::in_motion::open(settings.work / "in-motion");
  if (!motion)
    return motion.error();
  const auto program = actors::own_program();
  if (!program)
    return program.error();
  auto book = actors::death_book::keep(*log, (*motion)->found(), *program, run);
  if (!book)
    return book.error();
  if (const auto& found = (*motion)->found())
    for (const auto& step : found->steps)
      shell::complain("fc-data", "an earlier start died (" + found->cause
                                   + ") while "
                                   + std::string{step.stream.substr(3)}
                                   + " was in " + std::string{step.stage});
  (*motion)->watch_crashes();
  for (auto& [at, performer] : stages.performers)
    performer
      = std::make_shared<actors::death_guard>(*motion, *book, performer);
  return deaths{std::move(*motion), std::move(*book)};
}

} // namespace fc::tools
