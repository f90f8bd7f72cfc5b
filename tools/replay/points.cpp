#include "tools/replay/points.hpp"

#include "tools/replay/text.hpp"

namespace fc::replay {

namespace {

std::string beginning_of(const events::log::log_reader& log) {
  std::string text = "the log is empty";
  const auto look = [&](const events::record& at) {
    text = "the log begins " + human_time_of(at.recorded_at);
    return false;
  };
  if (auto err = log.scan(1, look))
    return events::describe(err);
  return text;
}

} // namespace

events::expected<events::position>
end_of(const events::log::log_reader& log, const events::log::log_point& at) {
  auto end = events::log::position_of(log, at);
  if (!end || *end > 0)
    return end;
  const auto* time = std::get_if<events::timestamp>(&at);
  return events::make_error(events::ec::not_found,
                            time == nullptr ? "--until 0: positions begin at 1"
                                            : "nothing was recorded until "
                                                + human_time_of(*time) + "; "
                                                + beginning_of(log));
}

} // namespace fc::replay
