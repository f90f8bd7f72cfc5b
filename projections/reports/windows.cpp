#include "projections/reports/windows.hpp"

#include <algorithm>

namespace fc::projections {

std::vector<time_window> repository_windows::gaps() const {
  std::vector<time_window> result;
  bool first = true;
  events::timestamp covered{};
  for (const auto& [window, newest] : windows) { // By start.
    if (!first && window.start > covered)
      result.push_back({covered, window.start});
    covered = first ? window.end : std::max(covered, window.end);
    first = false;
  }
  return result;
}

void windows::apply(const event_context&, const events::repository_seen& x) {
  if (about.holds(x.repo))
    repositories[x.repo.str()];
}

void windows::apply(const event_context& m,
                    const events::window_reconciled& x) {
  if (about.holds(x.repo))
    repositories[x.repo.str()].windows.insert_or_assign(
      time_window{x.start, x.end}, certificate{x, m.at.at, m.at.recorded_at});
}

events::expected<windows>
read_windows(const events::log::log_reader& log, const scope& about) {
  constexpr std::size_t page = 1000;
  windows result;
  result.about = about;
  std::vector<events::stream_name> names;
  do {
    auto next = log.streams("repo/", names.empty() ? "" : names.back(), page);
    if (!next)
      return next.error();
    names = std::move(*next);
    for (const auto& name : names) {
      const auto records = log.read_stream(name);
      if (!records)
        return records.error();
      for (const auto& at : *records)
        if (auto err = events::visit(
              at, [&](const auto& x) { fold(result, event_context{at}, x); }))
          return err;
    }
  } while (names.size() == page);
  return result;
}

} // namespace fc::projections
