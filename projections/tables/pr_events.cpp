#include "projections/tables/pr_events.hpp"

namespace fc::projections {

namespace {

constexpr column columns[] = {
  {"owner", column_type::text},
  {"repo", column_type::text},
  {"issue_number", column_type::integer},
  {"sequence", column_type::integer},
  {"event", column_type::text},
  {"event_version", column_type::integer},
  {"policy", column_type::text},
  {"stage", column_type::text},
  {"rule", column_type::text},
  {"explanation", column_type::text},
  {"details", column_type::document},
  {"recorded_at", column_type::time, source::writing},
  {"position", column_type::bigint, source::writing},
};

constexpr index indexes[] = {
  {"position"},
};

} // namespace

const table pr_events::rows{name, 4, columns, audience::staff, indexes};

void pr_events::put(const event_context& m, std::string_view event, reasons why,
                    cell details) {
  auto cells = make::key(m.pull_request->id);
  cells.reserve(std::size(columns));
  cells.push_back(make::integer(m.at.seq));
  cells.emplace_back(std::string{event});
  cells.push_back(make::integer(m.at.version));
  cells.push_back(make::hex(m.at.policy));
  cells.push_back(std::move(why.stage));
  cells.push_back(std::move(why.rule));
  cells.push_back(std::move(why.explanation));
  cells.push_back(std::move(details));
  cells.push_back(make::time_of(m.at.recorded_at));
  cells.push_back(make::integer(m.at.at));
  to.rows.upsert(rows, std::move(cells));
}

} // namespace fc::projections
